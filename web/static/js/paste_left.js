// What of a pasted text did not come along or became something else, in one sentence for who pasted it.

const GONE = new Map([
  ["images", ["afbeelding", "afbeeldingen"]],
  ["media", ["filmpje of ingebed onderdeel", "filmpjes of ingebedde onderdelen"]],
  ["comments", ["opmerking", "opmerkingen"]],
  ["notes", ["voetnoot", "voetnoten"]],
  ["struck", ["doorstreept stuk", "doorstreepte stukken"]],
  ["hidden", ["verborgen stuk", "verborgen stukken"]],
  ["links", ["link die nergens heen leidt (de tekst staat er nog)", "links die nergens heen leiden (de tekst staat er nog)"]],
]);
const CHANGED = new Map([
  ["titles", ["titel werd een gewone regel", "titels werden gewone regels"]],
  ["tables", ["tabel werd een lijst", "tabellen werden lijsten"]],
  ["deep", ["regel stond te diep in een lijst en kwam een niveau hoger", "regels stonden te diep in een lijst en kwamen een niveau hoger"]],
  ["redirects", ["link ging langs een omweg en leidt nu rechtstreeks", "links gingen langs een omweg en leiden nu rechtstreeks"]],
  ["trackers", ["link verloor zijn volgcode", "links verloren hun volgcode"]],
]);

const joined = (list) => (list.length > 1 ? `${list.slice(0, -1).join(", ")} en ${list.at(-1)}` : list[0]);

export class Left {
  constructor() {
    this.counts = new Map();
  }

  // Always true, so that who leaves something out can say so in one breath.
  count(what) {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
    return true;
  }

  named(names) {
    return [...names].filter(([what]) => this.counts.has(what))
      .map(([what, [one, more]]) => `${this.counts.get(what)} ${this.counts.get(what) === 1 ? one : more}`);
  }

  sentence() {
    const [gone, changed] = [this.named(GONE), this.named(CHANGED)];
    return [
      gone.length ? `Niet meegekomen bij het plakken: ${joined(gone)}.` : "",
      changed.length ? `Aangepast: ${joined(changed)}.` : "",
    ].filter(Boolean).join(" ");
  }
}
