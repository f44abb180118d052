// Narrows a list that is already on the page to the rows that hold every word.

export function startFilter(input, within, none = null) {
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...within.querySelectorAll("[data-row]")];
    for (const row of rows) row.hidden = !words.every((word) => row.dataset.row.includes(word));
    for (const group of within.querySelectorAll("[data-group]")) {
      group.hidden = ![...group.querySelectorAll("[data-row]")].some((row) => !row.hidden);
    }
    if (none) none.hidden = rows.some((row) => !row.hidden);
  });
}
