// Starts what a page needs; without scripts every page still works by plain forms.
import { startKeys } from "./keys.js";
import { startBulk } from "./bulk.js";
import { startDay, startSent } from "./day.js";
import { startDesk } from "./desk.js";
import { startDue } from "./due.js";
import { startEditor } from "./editor.js";
import { startEffects } from "./effects.js";
import { startFilter } from "./filter.js";
import { startLock } from "./lock.js";
import { startLearning } from "./learning.js";
import { startNeighbours } from "./neighbours.js";
import { startReplies } from "./reply.js";
import { startReview } from "./review.js";
import { startReading } from "./start.js";
import { startSearch } from "./search.js";
import { warnOnLeave } from "./leave.js";

function startList() {
  const filter = document.getElementById("filter");
  if (filter) startFilter(filter, document, document.getElementById("filter-none"));
}

const STARTS = {
  arrive: () => document.getElementById("arrive").requestSubmit(),
  desk: () => { startDesk(); startLearning(); },
  day: startDay,
  "day-sent": startSent,
  reply: startReplies,
  search: () => { startSearch(); startLearning(); },
  overview: () => { startList(); startBulk(); },
  register: startList,
  "register-form": () => warnOnLeave(document.getElementById("register-form")),
  article: startNeighbours,
  editor: () => { startEditor(); startNeighbours(); },
  queue: startEffects,
  start: startReading,
  review: startReview,
  due: startDue,
  questions: () => warnOnLeave(document.getElementById("questions-form")),
};

document.documentElement.classList.add("js");
startKeys();
startLock();
STARTS[document.body.dataset.page]?.();
