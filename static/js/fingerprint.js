/* Computes the SHA-256 of a chosen or dropped file here and looks that up: the file never leaves the browser. */

const place = document.querySelector("[data-fingerprint]");
const field = document.querySelector("#digest");
const input = place.querySelector("input[type=file]");
const said = place.querySelector("[data-fingerprint-said]");

function inHex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function lookUp(file) {
  said.textContent = `Computing the fingerprint of ${file.name}`;
  try {
    field.value = inHex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  } catch {
    said.textContent = `${file.name} could not be read. Nothing was sent.`;
    return;
  }
  field.form.requestSubmit();
}

input.addEventListener("change", () => {
  if (input.files.length) lookUp(input.files[0]);
});
place.addEventListener("dragover", (event) => event.preventDefault());
place.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length) lookUp(event.dataTransfer.files[0]);
});

// Browsers compute digests on https and on this machine only; elsewhere the field for pasting stays.
place.hidden = !globalThis.crypto?.subtle;
