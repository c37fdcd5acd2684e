// Elements, texts in bubbles, times, and what a newcomer can send: nothing here knows the page.

/** A new element: attributes, then children (strings become text, never markup). */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
}

/** The square with a character that stands for somebody. */
export function face(text, hue, kind = "") {
  const node = el("span", { class: `face ${kind}`, "aria-hidden": true }, text);
  if (hue != null) node.style.setProperty("--hue", hue);
  return node;
}

const LONG_LINES = 22, LONG_CHARS = 760;

/** Numbers and times stay on one line. */
const TOGETHER = /(\d{4}-\d{4,}|\d{2}-\d{2} \d{2}:\d{2}|\d{4}-\d{2}-\d{2}|\d{2}-\d{2})/;

/** A text as it stands in a bubble; a long one is folded. */
export function words(text) {
  const node = el("div", { class: "words" }, ...text.split(TOGETHER).map((part, at) => (at % 2 ? el("span", { class: "nb" }, part) : part)));
  if (text.split("\n").length <= LONG_LINES && text.length <= LONG_CHARS) return [node];
  node.classList.add("long");
  const more = el("button", { type: "button", class: "more", "aria-expanded": "false", onclick: () => {
    const long = node.classList.toggle("long");
    more.textContent = long ? "展开全文" : "收起";
    more.setAttribute("aria-expanded", `${!long}`);
  } }, "展开全文");
  return [node, more];
}

const zone = { timeZone: "Asia/Shanghai", hourCycle: "h23" };
export const hhmm = new Intl.DateTimeFormat("zh-CN", { ...zone, hour: "2-digit", minute: "2-digit" });
export const fullDay = new Intl.DateTimeFormat("zh-CN", { ...zone, year: "numeric", month: "long", day: "numeric", weekday: "long" });
export const shortDay = new Intl.DateTimeFormat("zh-CN", { ...zone, month: "long", day: "numeric", weekday: "short" });

const monthDay = new Intl.DateTimeFormat("zh-CN", { ...zone, month: "numeric", day: "numeric" });
export const dayOf = (ms) => monthDay.format(ms);

/** Title and body of items to send; {who} is the unit. */
export const SAMPLES = [
  ["农村供水工程全面通水", "截至目前，{who}今年实施的12处农村供水工程全部通水，新增受益群众1.8万人。\n工程采取“城乡同网、统一管护”模式，水费收缴率达到96%。下一步，将建立24小时报修机制，确保群众用上放心水。"],
  ["“企业服务日”办结诉求43件", "{who}固定每周四为“企业服务日”，部门负责人现场坐班。首月走访企业61家，收集诉求47件，办结43件。\n企业反映较多的是用工和融资问题，建议市级层面统一组织银企对接。"],
  ["基层治理“小板凳”议事见成效", "{who}在128个村居推行“小板凳”议事会，村民的事村民议。\n三个月共议事312件，化解矛盾纠纷206起，信访量同比下降21%。"],
  ["返乡创业园带动就业逾千人", "{who}返乡创业园入驻主体37家，吸纳就业1,060人，其中脱贫人口214人。\n园区实行“首年免租、贷款贴息”，但用地指标不足，扩建受限，建议予以支持。"],
  ["文化夜市点亮消费新场景", "{who}利用闲置广场开办文化夜市，周末客流日均2.3万人次，带动周边商户营业额增长三成。\n摊位向下岗职工和返乡青年优先开放，占比达42%。"],
  ["“小修小补”便民服务进社区", "{who}在26个社区设置“小修小补”便民点，配钥匙、修鞋、磨刀等服务一刻钟可达。\n经营者免收摊位费，社区统一公示价格，群众满意度98%。"],
];

/** A commission of the tour. */
export const COMMISSION = "/约稿 冬季供暖保障情况\n时间：三个工作日内\n单位：全部县区\n要求：写清供热面积、气源和群众反映";
