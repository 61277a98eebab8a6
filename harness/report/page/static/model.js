// The matrix as values: rows, columns, and which of them are chosen. Nothing is drawn here.

function modelOf(data) {
  const rows = data.scenarios.map(([id, question], number) => {
    const [family, name] = id.split("/");
    return { id, family, number, question, name: name.replaceAll("_", " "), cells: new Map() };
  });
  for (const [scenario, column, grade, headline] of data.cells) {
    const [word, mark] = data.grades[grade];
    rows[scenario].cells.set(column, { grade, word, mark, headline: data.headlines[headline] });
  }
  const columns = data.columns.map((column, number) => ({ ...column, number }));
  return { rows, columns, ages: data.ages, grades: data.grades };
}

// Empty stands for all; of the candidates, those that are left out are named.
function choiceOf(model) {
  const [first] = model.columns;
  return {
    text: "",
    family: "",
    grade: "",
    toolchain: first ? first.toolchain : "",
    backend: first ? first.backend : "",
    without: new Set(),
    differing: false,
    sortedBy: "",
    descending: false,
  };
}

function chosenColumns(model, choice) {
  return model.columns.filter(
    (column) =>
      (!choice.toolchain || column.toolchain === choice.toolchain) &&
      (!choice.backend || column.backend === choice.backend) &&
      !choice.without.has(column.candidate),
  );
}

function chosenRows(model, choice, columns) {
  const words = choice.text.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = model.rows.filter((row) => isChosen(row, choice, columns, words));
  if (choice.sortedBy === "") return choice.descending ? rows.reverse() : rows;
  return rows.sort(byGrade(choice));
}

function isChosen(row, choice, columns, words) {
  if (choice.family && row.family !== choice.family) return false;
  const shown = columns.map((column) => row.cells.get(column.number)).filter(Boolean);
  if (!shown.length) return false;
  if (choice.grade && !shown.some((cell) => cell.word === choice.grade)) return false;
  if (choice.differing && new Set(shown.map((cell) => cell.headline)).size < 2) return false;
  const said = [row.id, row.name, row.question, ...shown.map((cell) => cell.headline)];
  const text = said.join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

// By the grade in one column, then by its words; stories that did not run there come last.
function byGrade({ sortedBy, descending }) {
  const sign = descending ? -1 : 1;
  return (one, other) => {
    const [a, b] = [one, other].map((row) => row.cells.get(sortedBy));
    if (!a || !b) return Number(!a) - Number(!b) || one.number - other.number;
    const order = a.grade - b.grade || a.headline.localeCompare(b.headline, "en");
    return sign * order || one.number - other.number;
  };
}

function nameOf(row, column) {
  return `${row.id}:${column.candidate}:${column.toolchain}:${column.backend}`;
}

// The names that alternatives in braces stand for, as `show` takes them.
function alternativesOf(pattern) {
  const braces = /\{([^{}]*)\}/.exec(pattern);
  if (!braces) return [pattern];
  const [whole, inner] = braces;
  return inner.split(",").flatMap((one) => alternativesOf(pattern.replace(whole, () => one)));
}
