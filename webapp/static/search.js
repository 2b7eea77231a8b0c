// Completions below every search field (the combobox pattern of WAI-ARIA 1.2); without this script the
// field searches all the same. The form names the address to ask in data-completions.
"use strict";

// Below that a fast typist causes a question per letter, above it the list limps behind.
const DELAY_MS = 120;
const MIN_LETTERS = 2;

function made(tag, properties, attributes) {
  const element = Object.assign(document.createElement(tag), properties);
  Object.entries(attributes || {}).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
}

class Completions {
  constructor(form) {
    this.form = form;
    this.field = form.elements.namedItem("q");
    this.found = [];
    this.active = -1;
    this.timer = 0;
    this.question = null;
    const id = `${this.field.id}-vorschlaege`;
    this.list = made("ul", { id, className: "completions", hidden: true }, { role: "listbox", "aria-label": "Vorschläge" });
    this.status = made("p", { className: "visually-hidden" }, { "aria-live": "polite" });
    form.append(this.list, this.status);
    const combobox = { role: "combobox", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false" };
    Object.entries(combobox).forEach(([name, value]) => this.field.setAttribute(name, value));
    this.field.addEventListener("input", () => this.later());
    this.field.addEventListener("keydown", (event) => this.press(event));
    this.field.addEventListener("blur", () => this.close());
    // A press on the list must not take the focus from the field, which would close the list first.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) {
        this.choose(Number(option.dataset.number));
      }
    });
    form.addEventListener("submit", () => this.close());
  }

  later() {
    window.clearTimeout(this.timer);
    if (this.question) {
      this.question.abort();
      this.question = null; // so that its end closes nothing
    }
    if (this.field.value.trim().length < MIN_LETTERS) {
      this.close();
      return;
    }
    this.timer = window.setTimeout(() => this.ask(), DELAY_MS);
  }

  async ask() {
    const question = new AbortController();
    this.question = question;
    const address = `${this.form.dataset.completions}?${new URLSearchParams({ q: this.field.value })}`;
    try {
      const answer = await fetch(address, { signal: question.signal });
      const found = answer.ok ? (await answer.json()).suggestions : [];
      if (this.question === question && document.activeElement === this.field) {
        this.show(found);
      }
    } catch (error) {
      // Newer words are being completed, or the server cannot be reached: typing goes on.
      if (this.question === question) {
        this.close();
      }
    }
  }

  show(found) {
    this.found = found;
    this.list.replaceChildren(...found.map((one, number) => this.option(one, number)));
    this.open(found.length > 0);
    this.mark(-1);
    this.status.textContent = found.length === 0 ? "" : found.length === 1 ? "1 Vorschlag" : `${found.length} Vorschläge`;
  }

  option(suggestion, number) {
    const option = made("li", { id: `${this.list.id}-${number}` }, { role: "option", "aria-selected": "false" });
    option.dataset.number = String(number);
    option.append(made("span", { className: "text", textContent: suggestion.text }));
    if (suggestion.label) {
      option.append(made("span", { className: "label", textContent: suggestion.label }));
    }
    return option;
  }

  open(wanted) {
    this.list.hidden = !wanted;
    this.field.setAttribute("aria-expanded", String(wanted));
  }

  close() {
    window.clearTimeout(this.timer);
    this.question = null;
    this.open(false);
    this.mark(-1);
    this.status.textContent = "";
  }

  // The active option is marked, the focus stays in the field; -1 is the field itself.
  mark(number) {
    this.active = number;
    Array.from(this.list.children).forEach((option, at) => option.setAttribute("aria-selected", String(at === number)));
    const option = this.list.children[number];
    if (option) {
      this.field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.field.removeAttribute("aria-activedescendant");
    }
  }

  press(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) {
      return;
    }
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open && this.found.length && this.field.value.trim().length >= MIN_LETTERS) {
        this.ask();
      } else if (open) {
        // One more place than options: the field, from which the arrows lead to either end.
        const places = this.found.length + 1;
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.mark(((this.active + 1 + step + places) % places) - 1);
      } else {
        return;
      }
    } else if (event.key === "Enter" && open && this.active >= 0) {
      this.choose(this.active);
    } else if (event.key === "Escape" && open) {
      this.close();
    } else {
      return;
    }
    event.preventDefault();
  }

  // A document is opened, a topic or place becomes a filter beside those already set, a word is searched.
  choose(number) {
    const { text, kind, id, url } = this.found[number];
    this.close();
    if (kind === "title") {
      window.location.assign(url);
      return;
    }
    if (id === null) {
      this.field.value = text;
      this.form.requestSubmit();
      return;
    }
    const typed = this.field.value;
    const filter = made("input", { type: "hidden", name: kind, value: id });
    this.form.append(filter);
    this.field.value = "";
    this.form.requestSubmit();
    // What comes back with the back button is the page as it was typed.
    filter.remove();
    this.field.value = typed;
  }
}

document.querySelectorAll("form[data-completions]").forEach((form) => new Completions(form));
