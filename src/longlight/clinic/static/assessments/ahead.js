// The questions of a check-in fetched ahead, so that a person can go on when the connection is gone. Held in this
// page's memory alone. What an answer that names danger is met with is fetched ahead too.
const parse = async (address) => {
  const told = await fetch(address, { redirect: "error" });
  if (!told.ok) throw new Error("not fetched");
  return new DOMParser().parseFromString(await told.text(), "text/html");
};

export async function fetchAhead(base) {
  const all = await parse(`${base}all/`);
  const questions = [...all.querySelectorAll("fieldset[data-number]")];
  const help = new Map();
  for (const question of questions.filter((each) => each.dataset.help)) {
    const page = await parse(`${base}help/${question.dataset.number}/`);
    help.set(question.dataset.number, page.querySelector("main").innerHTML);
  }
  return { questions, help };
}

// The question as it stands on a page of its own: its words as the page's heading, its fields by their plain names.
export function alone(question) {
  const made = document.importNode(question, true);
  for (const field of made.querySelectorAll("input")) field.name = field.name.replace(/^.*-/, "");
  const words = made.querySelector(".q");
  const heading = document.createElement("h1");
  heading.className = words.className;
  heading.tabIndex = -1;
  heading.textContent = words.textContent;
  words.replaceWith(heading);
  return made;
}

// Whether a question is asked after these answers (by question): a gate may have ended the asking.
export function isAsked(question, answers) {
  const [gate, stops] = (question.dataset.unless ?? "").split("=");
  return !gate || answers.get(gate) !== stops;
}
