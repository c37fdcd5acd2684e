// What comes with a message: a picture that shows itself and opens in full, a file that can be saved.

import { el } from "./words.js";

const $ = (id) => document.getElementById(id);
const address = (file) => `/practice/files/${file.key}`;
const isPicture = (file) => file.width > 0;

const sizeOf = (bytes) => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

/** A message in one line, as a list of chats shows it. */
export function gist(said) {
  const file = said.file && (isPicture(said.file) ? "[图片]" : `[文件] ${said.file.name}`);
  return [file, said.text.split("\n")[0]].filter(Boolean).join(" ");
}

/** What stands in the bubble for a file. */
export const enclosed = (file, from) => (isPicture(file) ? picture(file, from) : card(file));

function card(file) {
  const ending = file.name.includes(".") ? file.name.split(".").at(-1).slice(0, 4).toLowerCase() : "";
  return el("a", { class: "doc", href: address(file), download: file.name, title: `下载 ${file.name}` },
    el("span", { class: "sheet", "data-ending": ending, "aria-hidden": true }, ending.toUpperCase()),
    el("span", {}, el("b", {}, file.name), el("small", {}, `${sizeOf(file.size)} · 下载`)));
}

/** Higher than this for its width, and only its upper part stands in the chat (460 px of height on 340 of width). */
const TALL = 460 / 340;

function picture(file, from) {
  const image = el("img", { src: address(file), width: file.width, height: file.height, alt: `${from}发的图片`, decoding: "async" });
  const button = el("button", { type: "button", class: `picture ${file.height > file.width * TALL ? "tall" : ""}`, title: "看大图", onclick: () => look(file) }, image);
  image.addEventListener("error", () => button.replaceWith(el("p", { class: "lost" }, "[图片] 时间久了，练习城市没有再留着它")));
  return button;
}

// ---- The picture in full

const viewer = $("viewer"), stage = $("viewer-stage");

function look(file) {
  stage.replaceChildren(el("img", { src: address(file), width: file.width, height: file.height, alt: "图片原图" }));
  $("viewer-size").textContent = `${file.width} × ${file.height}，${sizeOf(file.size)}`;
  $("viewer-save").href = address(file);
  $("viewer-save").download = file.name;
  whole(true);
  viewer.showModal();
  stage.focus();
}

/** Show all of it, or every pixel. */
function whole(fits) {
  stage.classList.toggle("fits", fits);
  $("viewer-zoom").textContent = fits ? "原始大小" : "适合屏幕";
  $("viewer-zoom").setAttribute("aria-pressed", `${!fits}`);
}

const zoom = () => whole(!stage.classList.contains("fits"));

$("viewer-zoom").addEventListener("click", zoom);
$("viewer-close").addEventListener("click", () => viewer.close());
stage.addEventListener("click", (event) => (event.target === stage ? viewer.close() : zoom()));
stage.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  zoom();
});
viewer.addEventListener("close", () => stage.replaceChildren());
