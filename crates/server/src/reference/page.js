// Draws /openapi.json as a page that can be read and searched. No library, nothing from elsewhere.
const make = (tag, text, ...children) => {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
};

const resolve = (spec, schema) => (schema?.$ref ? schema.$ref.slice(2).split("/").reduce((o, k) => o[k], spec) : schema);

// A schema as the JSON one would write: names and kinds, nested, each named schema once.
function shape(spec, schema, seen = []) {
  if (!schema) return "any";
  if (schema.$ref) {
    if (seen.includes(schema.$ref)) return schema.$ref.split("/").pop();
    return shape(spec, resolve(spec, schema), [...seen, schema.$ref]);
  }
  const parts = schema.allOf ?? schema.oneOf ?? schema.anyOf;
  if (parts) return parts.length === 1 ? shape(spec, parts[0], seen) : parts.map((p) => shape(spec, p, seen));
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.type === "array" || schema.type?.includes?.("array")) return [shape(spec, schema.items, seen)];
  if (schema.properties) {
    const needed = schema.required ?? [];
    return Object.fromEntries(
      Object.entries(schema.properties).map(([k, v]) => [needed.includes(k) ? k : `${k}?`, shape(spec, v, seen)]),
    );
  }
  return [schema.type ?? "any"].flat().join(" | ") + (schema.format ? ` (${schema.format})` : "");
}

const block = (spec, title, content) => {
  const schema = content?.["application/json"]?.schema;
  return schema ? [make("h4", title), make("pre", JSON.stringify(shape(spec, schema), null, 2))] : [];
};

function operation(spec, path, method, op) {
  const head = make("summary", "", make("b", method.toUpperCase()), make("code", path), make("span", op.summary ?? ""));
  const rows = (op.parameters ?? []).map((p) =>
    make("tr", "", make("td", "", make("code", p.name)), make("td", p.in), make("td", p.description ?? "")),
  );
  const answers = Object.entries(op.responses ?? {}).map(([status, answer]) =>
    make("tr", "", make("td", "", make("code", status)), make("td", answer.description ?? "")),
  );
  const box = make("details", "", head);
  if (op.description) box.append(make("p", op.description));
  if (rows.length) box.append(make("h4", "Parameters"), make("table", "", ...rows));
  box.append(...block(spec, "Request", op.requestBody?.content));
  box.append(make("h4", "Answers"), make("table", "", ...answers));
  const good = Object.entries(op.responses ?? {}).find(([status]) => status.startsWith("2"));
  box.append(...block(spec, "Body", good?.[1].content));
  box.dataset.words = `${method} ${path} ${op.summary ?? ""}`.toLowerCase();
  return box;
}

async function draw() {
  const spec = await (await fetch("/openapi.json")).json();
  const groups = new Map();
  for (const [path, item] of Object.entries(spec.paths)) {
    for (const [method, op] of Object.entries(item)) {
      const group = op.tags?.[0] ?? path.split("/")[3] ?? "other";
      groups.set(group, [...(groups.get(group) ?? []), operation(spec, path, method, op)]);
    }
  }
  const main = document.getElementById("paths");
  main.replaceChildren(
    ...[...groups].sort(([a], [b]) => a.localeCompare(b)).map(([name, ops]) => make("section", "", make("h2", name), ...ops)),
  );
  document.getElementById("find").addEventListener("input", (event) => {
    const word = event.target.value.trim().toLowerCase();
    for (const box of main.querySelectorAll("details")) box.hidden = !box.dataset.words.includes(word);
    for (const part of main.querySelectorAll("section")) part.hidden = !part.querySelector("details:not([hidden])");
  });
}

draw();
