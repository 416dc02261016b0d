"use strict";

document.documentElement.classList.add("js");

const form = document.getElementById("levers");

// Only what is moved goes into the address.
form.addEventListener("formdata", (event) => {
  for (const field of form.querySelectorAll("input[data-own]")) {
    if (field.value.trim() === field.dataset.own) event.formData.delete(field.name);
  }
  for (const [name, value] of [...event.formData]) {
    if (value === "") event.formData.delete(name);
  }
});

// A slider and its field say the same.
for (const slider of form.querySelectorAll(".slider")) {
  const field = document.getElementById(slider.dataset.for);
  slider.addEventListener("input", () => { field.value = slider.value; });
  field.addEventListener("input", () => { slider.value = field.value; });
}

// What changes the levers themselves asks for the whole page.
for (const field of form.querySelectorAll("[data-whole]")) {
  field.addEventListener("change", (event) => {
    event.stopPropagation();
    form.requestSubmit();
  });
}

// What was refused before is asked anew, and what is open stays open.
let opened = [];
document.body.addEventListener("htmx:beforeSwap", () => {
  opened = [...document.querySelectorAll("#estimate details[open]")].map((each) => each.id);
});
document.body.addEventListener("htmx:afterSwap", () => {
  for (const id of opened) {
    const each = document.getElementById(id);
    if (each) each.open = true;
  }
});
form.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target !== form) return;
  for (const said of form.querySelectorAll(".error, .caution")) said.textContent = "";
  document.getElementById("state").textContent = "Simulating …";
});
document.body.addEventListener("htmx:afterSettle", () => {
  for (const field of form.querySelectorAll("input[data-own]")) {
    const said = document.getElementById(`${field.id}-said`);
    const refused = said && said.classList.contains("error") && said.textContent !== "";
    if (refused) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    field.closest(".field").classList.toggle("moved", field.value.trim() !== field.dataset.own);
  }
});
