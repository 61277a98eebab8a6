// The difference of two lists of lines, as [sign, line] with the signs " ", "−" and "+".

const MOST_COMPARISONS = 4e6;

function differenceOf(before, after) {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return [
    ...before.slice(0, start).map((line) => [" ", line]),
    ...middleOf(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map((line) => [" ", line]),
  ];
}

function middleOf(before, after) {
  if (before.length * after.length > MOST_COMPARISONS) {
    return [...before.map((line) => ["−", line]), ...after.map((line) => ["+", line])];
  }
  const common = lengthsInCommon(before, after);
  const found = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      found.push([" ", before[i]]);
      i += 1;
      j += 1;
    } else if (j === after.length || (i < before.length && common[i + 1][j] >= common[i][j + 1])) {
      found.push(["−", before[i]]);
      i += 1;
    } else {
      found.push(["+", after[j]]);
      j += 1;
    }
  }
  return found;
}

// How many lines the rests from i and from j have in common, in order.
function lengthsInCommon(before, after) {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const longer = Math.max(lengths[i + 1][j], lengths[i][j + 1]);
      lengths[i][j] = before[i] === after[j] ? lengths[i + 1][j + 1] + 1 : longer;
    }
  }
  return lengths;
}
