// The practice page: who I am, what my chats say, what the others see meanwhile. No framework, nothing from elsewhere.

import { el, face, words, hhmm, fullDay, shortDay, dayOf, SAMPLES, COMMISSION } from "./words.js";
import { enclosed, gist } from "./files.js";

const $ = (id) => document.getElementById(id);

const city = { people: new Map(), groups: new Map(), messages: [], bot: null };
const view = { me: null, chat: "", seen: new Map(), baseline: 0, elsewhere: [], receipt: "", board: false, place: "", leaping: false };
const clock = { at: 0, since: 0 };
const now = () => new Date(clock.at + performance.now() - clock.since);

// ---- Names and times

const dayTime = (ms) => (shortDay.format(ms) === shortDay.format(now()) ? "" : `${shortDay.format(ms)} `) + hhmm.format(ms);
const isBot = (account) => account === city.bot.account;
const nameOf = (account) => (isBot(account) ? city.bot.name : city.people.get(account)?.name ?? `${account}`);
const about = (person) => (person.unit ? `${person.unit} · ${person.role}` : "还没有登记");
const groupOf = (chat) => (chat.startsWith("g:") ? city.groups.get(Number(chat.slice(2))) : null);
const chatName = (chat) => groupOf(chat)?.name ?? city.bot.name;
const badge = (person) => el("i", { class: `badge ${person.side}` }, person.role || "未登记");

const personFace = (account, kind = "") =>
  isBot(account) ? face("报", null, `bot ${kind}`) : face(nameOf(account)[0], (account * 47) % 360, kind);
const chatFace = (chat) => {
  const group = groupOf(chat);
  return group ? face(group.name.replace(/^全/, "")[0], 195 + ((group.number * 11) % 36), "group") : face("报", null, "bot");
};

// ---- Who I am

const findPerson = (fits) => [...city.people.values()].find(fits);
const reporter = () => findPerson((one) => one.role === "信息员" && one.unit_kind === "县区");
const clerk = () => findPerson((one) => one.role === "信息科");
const casts = () => [
  ["县区信息员", reporter()],
  ["部门信息员", findPerson((one) => one.role === "信息员" && one.unit_kind === "部门")],
  ["信息科", clerk()],
  ["信息科长", findPerson((one) => one.role === "信息科长")],
  ["分管领导", findPerson((one) => one.role === "分管领导")],
  ["管理员", findPerson((one) => one.role === "系统管理员")],
  ["新来的人", findPerson((one) => one.side === "stranger")],
].filter(([, person]) => person);

const chatsOf = (me) => [
  ...[...city.groups.values()].filter((group) => group.members.includes(me)).map((group) => `g:${group.number}`),
  `p:${me}`,
];

/** Become somebody, in a chat of theirs. */
function choose(me, chat) {
  const chats = chatsOf(me);
  view.me = me;
  open(chats.includes(chat) ? chat : chats.includes(view.chat) ? view.chat : chats[0]);
}

function open(chat) {
  const place = `${view.me}|${chat}`;
  if (place !== view.place) $("say").value = "";
  view.place = place;
  view.chat = chat;
  see();
  drawMe();
  drawChats();
  drawTalk();
  readBoard();
  fit();
}

function see() {
  const last = city.messages.at(-1);
  view.seen.set(`${view.me}|${view.chat}`, last ? last.seq : 0);
}

const unread = (chat) => {
  const seen = view.seen.get(`${view.me}|${chat}`) ?? view.baseline;
  return city.messages.filter((one) => one.chat === chat && one.seq > seen && one.sender !== view.me).length;
};

function who(person) {
  return el("span", { class: "who" }, el("b", {}, person.name, badge(person)), el("span", {}, person.unit || "信息科还没有登记这个账号"));
}

function drawMe() {
  const me = city.people.get(view.me);
  $("me").replaceChildren(personFace(view.me), who(me));
  redraw($("casts"), casts().map(([word, person]) =>
    el("button", { type: "button", "data-account": `${person.account}`, "aria-pressed": `${person.account === view.me}`, onclick: () => choose(person.account) }, word)));
}

/**
 * New rows in the place of old ones that look different; one that has not changed stays, because a click that has begun on
 * it would be lost with it. Whoever stood on a button with the keyboard stands on its successor.
 */
function redraw(parent, children) {
  const buttons = () => [...parent.querySelectorAll("button")];
  const at = buttons().indexOf(document.activeElement), before = [...parent.children];
  children.forEach((child, place) => {
    if (!before[place]) parent.append(child);
    else if (!before[place].isEqualNode(child)) before[place].replaceWith(child);
  });
  before.slice(children.length).forEach((row) => row.remove());
  if (at >= 0 && !parent.contains(document.activeElement)) buttons()[Math.min(at, buttons().length - 1)]?.focus();
}

function drawChats() {
  const rows = chatsOf(view.me).map((chat) => {
    const last = city.messages.findLast((one) => one.chat === chat);
    const count = unread(chat);
    const line = last ? `${last.sender === view.me ? "我" : nameOf(last.sender)}：${gist(last)}` : "还没有消息";
    return el("li", {}, el("button",
      { type: "button", "data-chat": chat, "aria-current": `${chat === view.chat}`, onclick: () => { open(chat); show("talk"); } },
      chatFace(chat),
      el("span", { class: "body" }, el("b", {}, groupOf(chat) ? chatName(chat) : `${city.bot.name}（私聊）`), el("span", {}, line)),
      count > 0 && el("i", { class: "unread", "aria-label": `${count} 条未读` }, count > 99 ? "99+" : `${count}`)));
  });
  redraw($("chats"), rows);
  $("tab-dot").hidden = !chatsOf(view.me).some((chat) => unread(chat) > 0);
}

// ---- Looking for somebody

const search = $("search");
let found = [], active = 0;

function look() {
  const words = search.value.trim().split(/\s+/).filter(Boolean);
  found = [...city.people.values()].filter((one) =>
    words.every((word) => `${one.name}${one.unit}${one.role || "未登记"}${one.account}`.includes(word)));
  active = Math.max(0, Math.min(active, found.length - 1));
  $("people").replaceChildren(...(found.length
    ? found.map((person, at) => el("li", { role: "option", id: `person-${at}`, "aria-selected": `${at === active}`,
        onmousedown: (event) => { event.preventDefault(); pick(person); } }, personFace(person.account, "small"), who(person)))
    : [el("li", { class: "none" }, "没有找到这个人")]));
  $("people").hidden = false;
  search.setAttribute("aria-expanded", "true");
  search.setAttribute("aria-activedescendant", found.length ? `person-${active}` : "");
  $(`person-${active}`)?.scrollIntoView({ block: "nearest" });
}

function fold() {
  $("people").hidden = true;
  search.setAttribute("aria-expanded", "false");
  search.removeAttribute("aria-activedescendant");
}

function pick(person) {
  search.value = "";
  fold();
  choose(person.account);
}

search.addEventListener("focus", () => { active = 0; look(); });
search.addEventListener("blur", fold);
search.addEventListener("input", () => { active = 0; look(); });
search.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) { event.preventDefault(); active = (active + step + found.length) % Math.max(1, found.length); look(); }
  if (event.key === "Escape") { search.value = ""; fold(); }
  if (event.key === "Enter" && !$("people").hidden && found[active]) { event.preventDefault(); pick(found[active]); $("say").focus(); }
});

// ---- The conversation

const SAME_BREATH = 5 * 60_000;

function quoted(id) {
  const said = id && city.messages.find((one) => one.message_id === id);
  return said ? el("div", { class: "quote" }, `${nameOf(said.sender)}：${gist(said)}`) : null;
}

function rows(said, before) {
  const gap = before ? said.at_ms - before.at_ms : Infinity;
  const next = before && before.sender === said.sender && gap < SAME_BREATH;
  const mine = said.sender === view.me, person = city.people.get(said.sender);
  const from = !mine && !next && el("span", { class: "from" }, el("span", {}, nameOf(said.sender)),
    isBot(said.sender) ? el("i", { class: "badge unit" }, "机器人") : person && el("span", {}, about(person)));
  const row = el("div", { class: `row ${mine ? "mine" : ""} ${isBot(said.sender) ? "bot" : ""} ${next ? "next" : ""}` },
    personFace(said.sender),
    el("div", { class: "said" }, from,
      el("div", { class: `bubble ${said.file?.width ? "shows" : ""}` }, quoted(said.quote),
        said.file && enclosed(said.file, nameOf(said.sender)), ...(said.text ? words(said.text) : []))));
  return gap > SAME_BREATH * 2 || gap < -SAME_BREATH ? [el("p", { class: "when" }, dayTime(said.at_ms)), row] : [row];
}

function drawTalk() {
  const group = groupOf(view.chat), me = city.people.get(view.me);
  $("chat-name").textContent = chatName(view.chat);
  $("chat-about").textContent = group
    ? `${group.members.length + 1} 人 · ${{ 报送: "在这里报送信息", 办公: "信息科在这里办稿", 通知: "机器人在这里发通知，不听命令" }[group.purpose]}`
    : "只有您和机器人能看到";
  $("phrases").replaceChildren(...phrases(me).map(([word, text]) =>
    el("button", { type: "button", onclick: () => fill(text()) }, word)));
  const log = $("log"), said = city.messages.filter((one) => one.chat === view.chat);
  log.setAttribute("aria-busy", "true");
  log.replaceChildren(...(said.length ? said.flatMap((one, at) => rows(one, said[at - 1])) : [nothing(group)]));
  log.removeAttribute("aria-busy");
  log.scrollTop = log.scrollHeight;
}

function nothing(group) {
  const hint = group?.purpose === "通知" ? "每月的通报会发到这里，用右边的时钟可以提前看到。" : "点上面的常用语，或者直接说点什么。";
  return el("div", { class: "empty" }, el("b", {}, "这里还没有消息"), el("p", {}, hint.replace("上面", "下面")));
}

function append(said) {
  const log = $("log"), before = city.messages.filter((one) => one.chat === view.chat).at(-2);
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 160;
  log.querySelector(".empty")?.remove();
  const fresh = rows(said, before);
  fresh.at(-1).classList.add("fresh");
  log.append(...fresh);
  if (atEnd || said.sender === view.me) log.scrollTop = log.scrollHeight;
}

// ---- What one can say

/** A sample nobody of the unit has sent yet; when all are used up, any. */
const sample = () => {
  const unit = city.people.get(view.me).unit;
  const unused = SAMPLES.filter(([title]) => !city.messages.some((said) => said.text.includes(`/报送 ${unit}${title}`)));
  const [title, body] = unused[0] ?? SAMPLES[Math.floor(Math.random() * SAMPLES.length)];
  return `/报送 ${unit}${title}\n${body.replaceAll("{who}", unit)}`;
};
const issue = () => Math.ceil((now() - new Date(now().getFullYear(), 0, 1)) / 86_400_000);
const number = () => view.receipt || city.messages.map((one) => one.text.match(/\d{4}-\d{4,}/)?.[0]).findLast(Boolean) || "编号";
const adopt = () => `/采用 ${number()} 每日要情 ${issue()}`;

function phrases(me) {
  const plain = (...texts) => texts.map((text) => [text, () => text]);
  if (me.side === "stranger") return plain("你好", "/绑定 绑定码");
  if (me.side === "desk") return [...plain("/待办"), ["/采用 …", adopt], ["/退回 …", () => `/退回 ${number()} 请补充数据的截止时间`], ["/约稿 …", () => COMMISSION], ...plain("/台账", "/考评", "/通报", "/排名 本月", "/催报", "/帮助")];
  if (me.side === "office") return plain("/我是谁", "/帮助");
  if (me.role === "分管领导") return plain("/我的得分 本月", "/排名 本月", "/帮助");
  return [["报送一条样例", sample], ...plain("/任务", "/我的得分 本月", "/得分明细 本月", "/我的信息", "/排名 本月", "/规则", "/帮助")];
}

const say = $("say");
function fit() {
  say.style.height = "auto";
  say.style.height = `${Math.min(220, say.scrollHeight)}px`;
}
function fill(text) {
  say.value = text;
  fit();
  say.focus();
  say.setSelectionRange(text.length, text.length);
}

async function post(path, body, type = "application/json") {
  const answer = await fetch(path, { method: "POST", body, headers: { "Content-Type": type } }).catch(() => null);
  if (answer?.ok) return true;
  toast(answer ? (await answer.json().catch(() => ({}))).error ?? "没有办成，请再试一次。" : "连不上机器人，它还在运行吗？");
  return false;
}

async function send() {
  const text = say.value;
  if (!text.trim()) return;
  say.value = "";
  fit();
  if (!(await post("/practice/say", JSON.stringify({ person: view.me, chat: view.chat, text })))) fill(text);
}

const sendFile = (file) =>
  post(`/practice/file?${new URLSearchParams({ person: view.me, chat: view.chat, name: file.name })}`, file, "application/octet-stream");

$("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
say.addEventListener("input", fit);
say.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  send();
});
$("mention").addEventListener("click", () => fill(`@${city.bot.name} ${say.value}`));
$("attach").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", async () => {
  for (const file of $("file").files) await sendFile(file);
  $("file").value = "";
});

const talk = $("talk");
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
window.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
window.addEventListener("drop", (event) => event.preventDefault());
talk.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  $("drop-name").textContent = chatName(view.chat);
  $("drop").hidden = false;
});
talk.addEventListener("dragleave", (event) => { if (!talk.contains(event.relatedTarget)) $("drop").hidden = true; });
talk.addEventListener("drop", async (event) => {
  $("drop").hidden = true;
  for (const file of event.dataTransfer.files) await sendFile(file);
});

let toastTimer = 0;
function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $("toast").hidden = true; }, 6000);
}

// ---- The clock

function tick() {
  if (!clock.at) return;
  $("time").textContent = hhmm.format(now());
  $("time").dateTime = now().toISOString();
  $("date").textContent = fullDay.format(now());
}
setInterval(tick, 1000);

function setClock(ms) {
  clock.at = ms;
  clock.since = performance.now();
  tick();
}

async function leap(kind) {
  if (view.leaping) return;
  view.leaping = true;
  $("leaps").setAttribute("aria-busy", "true");
  const moved = await post("/practice/clock", JSON.stringify({ leap: kind }));
  $("leaps").removeAttribute("aria-busy");
  view.leaping = false;
  if (moved && kind === "month") reach(10);
}
$("leaps").addEventListener("click", (event) => { if (event.target.dataset.leap) leap(event.target.dataset.leap); });

// ---- The tour
const main = () => `g:${[...city.groups.values()].find((group) => group.purpose === "报送").number}`;
const desk = () => `g:${[...city.groups.values()].find((group) => group.purpose === "办公").number}`;
const goto = (person, chat, text) => { choose(person.account, chat); show("talk"); if (text) fill(text()); };

const STEPS = [
  ["报送一条信息", "先当一回县区信息员，在群里发一条。", () => goto(reporter(), main(), sample)],
  ["看回执", "机器人引用您的消息，给出编号、单位和时间。", null],
  ["换成信息科，看待办", "同一条信息已经到了信息科的待办里。", () => goto(clerk(), desk(), () => "/待办")],
  ["登记采用", "写编号、刊物、期号，得分当场算出，报送人会收到私聊。", () => goto(clerk(), desk(), adopt)],
  ["回到信息员，看得分", "得了多少分、依据哪一条，一行一行写明。", () => goto(reporter(), `p:${reporter().account}`, () => "/我的得分 本月")],
  ["问得分明细", "每一笔是哪条信息、哪一期、依据第几条、谁登记的，都查得到。", () => goto(reporter(), `p:${reporter().account}`, () => "/得分明细 本月")],
  ["约一次稿", "换成信息科：题目、时间、单位照平时的说法写，预览没有问题，回“确认”。", () => goto(clerk(), desk(), () => COMMISSION)],
  ["看任务", "信息员收到约稿，说一声“收到”；发“/任务”看要报什么、什么时候要。", () => goto(reporter(), `p:${reporter().account}`, () => "/任务")],
  ["看考评办到哪一步", "换成信息科：上个月该截止、计分、核对还是冻结，下一步发什么，都写着。", () => goto(clerk(), `p:${clerk().account}`, () => "/考评")],
  ["要通报草稿", "Word、PDF、表格和核对单发到私聊，点一下就能存下来看。", () => goto(clerk(), `p:${clerk().account}`, () => "/通报 草稿")],
  ["把时钟拨到下个月", "拨到下月首个工作日上午九点。", () => leap("month")],
  ["看通报", "榜自己发到了群里。以往签发的通报在“通知群”，得分榜是图，点开看大图。", () => goto(reporter(), main())],
];
const reached = new Set();

function reach(at) {
  reached.add(at);
  drawTour();
}

function follow(said) {
  const side = city.people.get(said.sender)?.side, bot = isBot(said.sender);
  if (side === "unit" && (/^\s*[/／【](报送|submit|信息报送)/.test(said.text) || said.file)) reached.add(0);
  const receipt = bot && said.text.match(/收到.*?(\d{4}-\d{4,})/);
  if (receipt) { view.receipt = receipt[1]; reached.add(1); }
  if (side === "desk" && /待办|pending/.test(said.text)) reached.add(2);
  if (bot && /已采用/.test(said.text) && groupOf(said.chat)?.purpose !== "报送") reached.add(3);
  if (side === "unit" && /得分(?!明细)|my-score/.test(said.text)) reached.add(4);
  if (side === "unit" && /明细|\/why/.test(said.text)) reached.add(5);
  if (bot && /^已下达 约/.test(said.text)) reached.add(6);
  if (side === "unit" && /任务|tasks/.test(said.text)) reached.add(7);
  if (side === "desk" && /考评|period/.test(said.text)) reached.add(8);
  if (bot && said.file?.name.includes("通报")) reached.add(9);
  if (isBoard(said)) view.board = true;
  drawTour();
  readBoard();
}

const isBoard = (said) => isBot(said.sender) && groupOf(said.chat) && /采用情况/.test(said.text);

/** The scoreboard counts as seen when somebody looks at a chat that has it. */
function readBoard() {
  if (view.board && city.messages.some((said) => said.chat === view.chat && isBoard(said))) reach(11);
}

function drawTour() {
  const current = STEPS.findIndex((_, at) => !reached.has(at));
  $("tour-over").hidden = current !== -1;
  redraw($("tour"), STEPS.map(([title, text, act], at) => {
    const state = reached.has(at) ? "done" : at === current ? "now" : "";
    return el("li", { class: state, "aria-current": at === current && "step" }, el("b", {}, title),
      at === current && el("p", {}, text), at === current && act && el("button", { type: "button", onclick: act }, "带我去"));
  }));
}

// ---- What happens elsewhere

const FEED = 12;

function drawFeed() {
  $("feed").replaceChildren(...(view.elsewhere.length ? view.elsewhere.map((said) => {
    const group = groupOf(said.chat), other = group ? null : Number(said.chat.slice(2));
    const to = group ? `${group.name} · ${group.members.length} 人看到` : isBot(said.sender) ? `${nameOf(other)} 收到私聊` : `${nameOf(other)} 私聊机器人`;
    return el("li", {},
      el("span", { class: "to" }, el("b", {}, to), el("time", {}, dayOf(said.at_ms) === dayOf(now()) ? hhmm.format(said.at_ms) : dayOf(said.at_ms))),
      el("span", { class: "what" }, `${group ? `${nameOf(said.sender)}：` : ""}${said.file ? gist(said) : said.text}`));
  }) : [el("li", { class: "none" }, "别的群、别的人看到什么，会出现在这里。")]));
}

// ---- News from the city

function heard(said) {
  city.messages.push(said);
  if (said.chat === view.chat) { append(said); see(); } else { view.elsewhere.unshift(said); view.elsewhere.length = Math.min(FEED, view.elsewhere.length); drawFeed(); }
  drawChats();
  follow(said);
}

function settle(state) {
  city.bot = state.bot;
  city.people = new Map(state.people.map((person) => [person.account, person]));
  city.groups = new Map(state.groups.map((group) => [group.number, group]));
  city.messages = state.messages;
  setClock(state.now_ms);
  link(state.up);
  if (!city.people.has(view.me)) {
    view.baseline = city.messages.at(-1)?.seq ?? 0;
    choose(reporter().account, main());
    drawTour();
    drawFeed();
  } else { drawMe(); drawChats(); drawTalk(); }
}

const link = (up) => { $("down").hidden = up; $("send").disabled = !up; };

function live() {
  const socket = new WebSocket(`ws://${location.host}/practice/live`);
  socket.addEventListener("message", (event) => {
    const news = JSON.parse(event.data);
    if (news.type === "said") heard(news.message);
    if (news.type === "state") settle(news);
    if (news.type === "clock") setClock(news.now_ms);
    if (news.type === "link") link(news.up);
    if (news.type === "reload") fetch("/practice/state").then((answer) => answer.json()).then(settle);
  });
  socket.addEventListener("close", () => { link(false); setTimeout(live, 1000); });
}

// ---- Narrow screens

function show(name) {
  document.body.dataset.view = name;
  for (const tab of document.querySelectorAll("[data-show]")) tab.setAttribute("aria-current", `${tab.dataset.show === name}`);
}
for (const tab of document.querySelectorAll("[data-show]")) tab.addEventListener("click", () => show(tab.dataset.show));
$("back").addEventListener("click", () => show("side"));

show("talk");
live();
