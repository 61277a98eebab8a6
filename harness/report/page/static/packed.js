// Stories are packed by packing.py: the distinct parts of all of them, the whole last.

async function inflated(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const inflating = new DecompressionStream("deflate");
  return new Response(new Blob([bytes]).stream().pipeThrough(inflating)).json();
}

function unpacked(parts, place) {
  const part = parts[place];
  return Array.isArray(part) ? part.map((inner) => unpacked(parts, inner)) : part;
}

// Returns a function from a cell's name to its story; the names are read, no more.
async function storiesIn(text) {
  const parts = await inflated(text);
  const places = new Map();
  for (const pair of parts.at(-1)) {
    const [name, story] = parts[pair];
    places.set(parts[name], story);
  }
  return (name) => unpacked(parts, places.get(name));
}
