// Starts what a page needs; without scripts every page still works by plain forms.
import { startKeys } from "./keys.js";
import { startDesk } from "./desk.js";
import { startEditor } from "./editor.js";
import { startFilter } from "./filter.js";
import { startReplies } from "./reply.js";
import { startSearch } from "./search.js";
import { warnOnLeave } from "./leave.js";

const STARTS = {
  arrive: () => document.getElementById("arrive").requestSubmit(),
  desk: startDesk,
  reply: startReplies,
  search: startSearch,
  overview: () => startFilter(document.getElementById("filter"), document, document.getElementById("filter-none")),
  editor: startEditor,
  questions: () => warnOnLeave(document.getElementById("questions-form")),
};

document.documentElement.classList.add("js");
startKeys();
STARTS[document.body.dataset.page]?.();
