// Tables of class `sortable`: a heading is a button that sorts by its column.

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function orderOf(cell) {
  return cell?.dataset.order ?? cell?.textContent ?? "";
}

function sortTable(table, column, heading) {
  const descending = heading.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) {
    other.setAttribute("aria-sort", "none");
    other.querySelector("button span").textContent = "";
  }
  heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  heading.querySelector("button span").textContent = descending ? " ▼" : " ▲";
  const body = table.tBodies[0];
  const sign = descending ? -1 : 1;
  const rows = [...body.rows].sort(
    (one, other) => sign * collator.compare(orderOf(one.cells[column]), orderOf(other.cells[column])),
  );
  body.append(...rows);
}

for (const table of document.querySelectorAll("table.sortable")) {
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const arrow = element("span", { "aria-hidden": "true" });
    const button = element("button", { type: "button", title: "Sort by this column" }, heading.textContent, arrow);
    heading.replaceChildren(button);
    heading.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sortTable(table, column, heading));
  });
}
