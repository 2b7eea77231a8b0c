// Keys for the review page and a preview in place; every page works without this script.
"use strict";

const suggestions = Array.from(document.querySelectorAll("[data-suggestion]"));

function current() {
  return suggestions.indexOf(document.activeElement.closest("[data-suggestion]"));
}

function go(index) {
  const target = suggestions[Math.max(0, Math.min(index, suggestions.length - 1))];
  if (target) {
    target.focus();
  }
}

function press(event) {
  const typing = event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.altKey || event.metaKey || !suggestions.length) {
    return;
  }
  const index = current();
  if (event.key === "j" || event.key === "ArrowDown") {
    go(index + 1);
  } else if (event.key === "k" || event.key === "ArrowUp") {
    go(index - 1);
  } else if (["a", "x", "u"].includes(event.key) && index >= 0) {
    const button = suggestions[index].querySelector(`[data-key="${event.key}"]`);
    if (button) {
      button.form.requestSubmit(button);
    }
  } else {
    return;
  }
  event.preventDefault();
}

async function preview(event) {
  event.preventDefault();
  const button = event.currentTarget;
  const answer = await fetch(button.formAction, { method: "POST", body: new FormData(button.form) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const shown = page.getElementById("vorschau");
  const place = document.getElementById("vorschau");
  if (answer.ok && shown) {
    place.replaceChildren(...shown.childNodes);
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
  } else {
    button.removeEventListener("click", preview);
    button.click();
  }
}

document.addEventListener("keydown", press);
document.querySelectorAll("[data-preview]").forEach((button) => button.addEventListener("click", preview));
if (suggestions.length) {
  const named = suggestions.findIndex((one) => `#${one.id}` === window.location.hash);
  go(named >= 0 ? named : 0);
}
