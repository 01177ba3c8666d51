// A rep asks for another number on the phone, the planner answers, the rep agrees, and the next draft has it; and the one tap
// beside a confirmation.
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { serious } from "../pages/axe.ts";
import { enter, newDraft } from "../pages/company.ts";
import { speaks } from "../pages/language.ts";
import { SplitGrid } from "../pages/split.ts";

test.use({ serving: { demo: true } });

/** Whose number "My target" shows. */
const carrier = async (rep: Page) => ((await rep.locator(".my-target p.sm.muted").first().textContent()) ?? "").split(" · ").pop() ?? "";

test("a number is negotiated on the phone and entered into the next draft", async ({ page, phone, words, picture, watch }) => {
  test.setTimeout(120_000);
  const rep = await phone();
  await enter(rep, words, "rep");
  await rep.goto("/my-target");
  const number = Number(await rep.locator(".my-target").getAttribute("data-minor"));
  // In whole units, as people type.
  const asked = Math.floor((number * 0.9) / 100);
  const offered = Math.floor((number * 0.95) / 100);
  const own = rep.locator(".own-talks .talk");
  let name = "";

  await test.step("the rep says what it should be, and why", async () => {
    await expect(own).toHaveCount(0);
    const form = rep.locator("details.counter");
    await form.locator("summary").click();
    await form.locator("input[name=amount]").fill(asked.toLocaleString("en"));
    await form.locator("textarea").fill("两个大客户转走了");
    await picture(rep, "negotiation-1-ask");
    await form.getByRole("button", { name: words("my_target.counter_send") }).click();
    await expect(own).toHaveAttribute("data-status", "open");
    await expect(own).toHaveAttribute("data-amount", String(asked * 100));
    await expect(own.getByRole("button", { name: words("negotiation.agree"), exact: true }), "it is not one's own turn").toHaveCount(0);
    name = ((await own.locator("header b").textContent()) ?? "").split(" · ")[0] ?? "";
    await picture(rep, "negotiation-2-asked");
  });

  const talks = page.locator(".talks");
  await test.step("the planner sees it beside the plan and answers with another amount", async () => {
    await enter(page, words, "planner");
    await page.goto("/split");
    await expect(talks).toHaveAttribute("data-open", "1");
    const talk = talks.locator(".talk");
    await expect(talk).toContainText("两个大客户转走了");
    await expect(talk).toContainText(words("negotiation.hedge"));
    await picture(page, "negotiation-3-desk");
    await talk.locator("summary", { hasText: words("negotiation.counter") }).click();
    const amount = talk.locator("input[name=amount]");
    // The browser's note of a refused amount.
    watch.expect(/status of 400/);
    await amount.fill("x");
    await talk.getByRole("button", { name: words("negotiation.counter_send") }).click();
    await expect(amount, "what is wrong is said at the field").toHaveAttribute("aria-invalid", "true");
    await expect(amount, "and what was typed stays").toHaveValue("x");
    // A field that is emptied to type anew is not taken away either.
    await amount.fill("");
    await amount.fill(offered.toLocaleString("en"));
    await talk.getByRole("button", { name: words("negotiation.counter_send") }).click();
    await expect(talk).toHaveAttribute("data-amount", String(offered * 100));
    // What was said is said to the last unit.
    for (const [at, units] of [asked, offered].entries()) {
      await expect(talk.locator(".moves li").nth(at)).toContainText(`${units.toLocaleString("en")}.00`);
    }
  });

  await test.step("the rep is told without a reload, and agrees", async () => {
    await expect(own).toHaveAttribute("data-amount", String(offered * 100));
    await picture(rep, "negotiation-4-answered");
    await own.getByRole("button", { name: words("negotiation.agree"), exact: true }).click();
    await expect(own).toHaveAttribute("data-status", "agreed");
    await expect(rep.locator(".my-target [data-agreed]"), "the number says so too").toHaveAttribute("data-agreed", String(offered * 100));
    await expect(rep.locator(".my-target header").first()).toContainText(words("my_target.agreed"));
    await picture(rep, "negotiation-5-agreed");
  });

  await test.step("the next draft waits for it, and has it after one press", async () => {
    await expect(talks.locator(".talk")).toHaveAttribute("data-status", "agreed");
    await newDraft(page, words);
    const grid = new SplitGrid(page);
    expect(await grid.amount(name)).not.toBe(offered * 100);
    await expect(talks.locator(".talk"), "the thread on the version before is told").toHaveAttribute("data-on", /^\d+$/);
    await talks.locator("summary").first().click();
    await talks.getByRole("button", { name: words("negotiation.enter", { count: 1 }) }).click();
    // What gives way is chosen before: with the siblings the totals above stay, else they move.
    const dialog = page.locator("dialog[open]");
    const top = (gives: string) => dialog.locator(`[data-gives=${gives}] li[data-before]`).last();
    const before = (await top("siblings").getAttribute("data-before")) ?? "";
    await expect(top("siblings")).toHaveAttribute("data-after", before);
    await expect(top("above")).not.toHaveAttribute("data-after", before);
    await expect(dialog.locator("[data-gives=siblings] input")).toBeChecked();
    await picture(page, "negotiation-7-gives");
    await dialog.getByRole("button", { name: words("negotiation.enter", { count: 1 }) }).click();
    await expect.poll(() => grid.amount(name)).toBe(offered * 100);
    await expect(page.getByRole("button", { name: words("negotiation.enter", { count: 1 }) })).toHaveCount(0);
    await picture(page, "negotiation-6-entered");
  });
});

test("a confirmation takes one tap more that says how fair the number is", async ({ page, phone, words, picture }) => {
  const rep = await phone();
  await enter(rep, words, "rep");
  await rep.goto("/my-target");
  const pulse = rep.locator(".pulse");
  await pulse.locator("label", { hasText: "4" }).click();
  await expect(pulse.locator("input[value='4']")).toBeChecked();
  await pulse.locator("summary").click();
  await pulse.locator("textarea").fill("和去年差不多");
  await picture(rep, "pulse-1-tap");
  await rep.getByRole("button", { name: words("my_target.confirm"), exact: true }).click();
  await expect(rep.getByText(words("my_target.confirmed"), { exact: true })).toBeVisible();

  // One answer is nobody's to read.
  await enter(page, words, "planner");
  await page.goto("/split");
  await expect(page.locator(".answers")).toBeVisible();
  await expect(page.locator("[data-pulse]")).toHaveCount(0);
  await expect(page.getByText("和去年差不多")).toHaveCount(0);
});

test("a planner asks a carrier from a draft, whose number changes when both agree", async ({ page, phone, words }) => {
  test.setTimeout(120_000);
  const rep = await phone();
  await enter(rep, words, "rep");
  await rep.goto("/my-target");
  const name = await carrier(rep);

  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  const grid = new SplitGrid(page);
  const before = await grid.amount(name);
  // Figures in the middle of a row are asked about with a click.
  await grid.row(name).locator(".td.name").click();
  const talks = page.locator(".talks");
  await talks.locator("summary").first().click();
  await talks.locator(".propose > summary").click();
  await expect(talks.locator(".propose")).toContainText(name);
  // What the carrier is writing about the number stays while others act.
  const comment = rep.locator("details.counter textarea");
  await rep.locator("details.counter > summary").click();
  await comment.fill("等一下");
  const heard = rep.waitForResponse((response) => response.url().endsWith("/api/app/my-target/list"));
  const wanted = Math.floor((before * 1.02) / 100);
  await talks.locator("input[name=propose-amount]").fill(String(wanted));
  await talks.getByRole("button", { name: words("negotiation.propose_send"), exact: true }).click();
  await expect(talks).toHaveAttribute("data-open", "1");

  await (await heard).finished();
  await expect(comment).toHaveValue("等一下");
  await comment.fill("");
  await comment.blur();
  const own = rep.locator(".own-talks .talk");
  await expect(own).toHaveAttribute("data-amount", String(wanted * 100));
  const answer = Math.floor((before * 1.01) / 100);
  await own.locator("summary", { hasText: words("negotiation.counter") }).click();
  await own.locator("input[name=amount]").fill(String(answer));
  await own.getByRole("button", { name: words("negotiation.counter_send") }).click();

  const talk = talks.locator(".talk");
  await expect(talk).toHaveAttribute("data-amount", String(answer * 100));
  await talk.getByRole("button", { name: words("negotiation.agree"), exact: true }).click();
  await expect(talk).toHaveAttribute("data-status", "agreed");
  await expect.poll(() => grid.amount(name)).toBe(answer * 100);
  expect(page.url()).toContain(version);
});

test("a proposal goes to the row it was typed for, and the menu of a number leads to its negotiation", async ({ page, phone, words, picture }) => {
  test.setTimeout(90_000);
  const rep = await phone();
  await enter(rep, words, "rep");
  await rep.goto("/my-target");
  const name = await carrier(rep);

  await enter(page, words, "planner");
  await newDraft(page, words);
  const grid = new SplitGrid(page);
  const before = await grid.amount(name);
  const talks = page.locator(".talks");
  const form = talks.locator(".propose");
  const amount = form.locator("input[name=propose-amount]");
  const send = form.getByRole("button", { name: words("negotiation.propose_send"), exact: true });
  const typed = String(Math.floor((before * 1.02) / 100));

  await test.step("what is typed for one row is not what is sent for another", async () => {
    await grid.row(name).focus();
    await talks.locator("summary").first().click();
    await form.locator("> summary").click();
    await expect(form).toContainText(name);
    await amount.fill(typed);
    const other = page.locator(`.grid .tr[data-node]:not([data-name="${name}"])`).last();
    const beside = (await other.getAttribute("data-name")) ?? "";
    await other.focus();
    await expect(form.locator("[data-row] b")).toContainText(beside);
    await expect(amount, "another row has a form of its own").toHaveValue("");
    await expect(send).toBeDisabled();
    await expect(form.locator("[data-kept]")).toHaveAttribute("data-kept", "1");
    await picture(page, "negotiation-8-kept");
    await form.locator("[data-kept]").getByRole("button", { name, exact: true }).click();
    await expect(form.locator("[data-row] b")).toContainText(name);
    await expect(amount).toHaveValue(typed);
    await send.click();
    await expect(talks).toHaveAttribute("data-open", "1");
    const talk = talks.locator(".talk");
    await expect(talk.locator("header b")).toContainText(name);
    await expect(talk).toHaveAttribute("data-amount", String(Number(typed) * 100));
  });

  await test.step("the menu of a month begins a thread about that month", async () => {
    const month = grid.row(name).locator(".amount[data-period='0']");
    const number = Number(await month.getAttribute("data-minor"));
    await month.click({ button: "right" });
    await page.getByRole("menuitem", { name: words("rows.menu_negotiate"), exact: true }).click();
    await expect(amount).toBeFocused();
    await expect(form.locator("[data-row] b")).toContainText(name);
    await expect(form.locator("select[name=propose-period]")).toHaveValue("0");
    await amount.fill(String(Math.floor((number * 1.1) / 100)));
    await send.click();
    await expect(talks).toHaveAttribute("data-open", "2");
    await expect(rep.locator(".own-talks .talk")).toHaveCount(2);
  });

  await test.step("where a number is negotiated, the menu shows that", async () => {
    const month = grid.row(name).locator(".amount[data-period='0']");
    await month.click({ button: "right" });
    await expect(page.getByRole("menuitem", { name: words("rows.menu_talk"), exact: true })).toBeVisible();
    await expect(page.getByRole("menuitem", { name: words("rows.menu_negotiate"), exact: true })).toHaveCount(0);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("menu")).toHaveCount(0);
  });

  await test.step("what is typed for another row while a proposal is on its way stays in its form", async () => {
    const month = grid.row(name).locator(".amount[data-period='1']");
    const number = Number(await month.getAttribute("data-minor"));
    await month.click({ button: "right" });
    await page.getByRole("menuitem", { name: words("rows.menu_negotiate"), exact: true }).click();
    await amount.fill(String(Math.floor((number * 1.1) / 100)));
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    await page.route("**/api/app/negotiation/propose", async (route) => {
      await opened;
      await route.continue();
    });
    await send.click();
    await page.locator(`.grid .tr[data-node]:not([data-name="${name}"])`).last().focus();
    await expect(amount).toHaveValue("");
    await amount.fill("12345");
    open();
    // The list itself is not drawn anew while somebody writes in it.
    await expect(page.locator(".toast", { hasText: words("negotiation.proposed") })).toBeVisible();
    await expect(amount).toBeVisible();
    await expect(amount).toHaveValue("12345");
    await page.unroute("**/api/app/negotiation/propose");
    await amount.fill("");
    await expect(talks).toHaveAttribute("data-open", "3");
  });
});

test("a rep asks for another number of one month @english", async ({ phone, words, picture, watch, language }) => {
  const rep = await phone();
  // Nothing is on its way from one colour to another where it is looked at.
  await rep.emulateMedia({ reducedMotion: "reduce" });
  const why = language === "en" ? "There is a fair that month" : "那个月有展会";
  await enter(rep, words, "rep");
  await rep.goto("/my-target");
  const month = rep.locator(".my-target .periods button[data-minor]").nth(1);
  const number = Number(await month.getAttribute("data-minor"));
  const total = Number(await rep.locator(".my-target").getAttribute("data-minor"));
  await month.click();
  const dialog = rep.locator("dialog[open]");
  const form = dialog.locator("details.propose");
  await form.locator("> summary").click();
  const amount = form.locator("input[name=propose-amount]");
  const send = form.getByRole("button", { name: words("negotiation.propose_send"), exact: true });
  await expect(amount, "a keypad with all signs").toHaveAttribute("inputmode", "text");
  watch.expect(/status of 400/);
  await amount.fill("x");
  await send.click();
  await expect(amount, "what is wrong is said at the field").toHaveAttribute("aria-invalid", "true");
  await expect(amount).toHaveValue("x");
  const asked = Math.floor((number * 0.9) / 100);
  await amount.fill(String(asked));
  await form.locator("textarea").fill(why);
  await picture(rep, "negotiation-9-month");
  await speaks(rep, language);
  expect(await serious(rep, "dialog[open]")).toEqual([]);
  await send.click();
  await expect(dialog).toHaveCount(0);
  const own = rep.locator(".own-talks .talk");
  await expect(own).toHaveAttribute("data-amount", String(asked * 100));
  await expect(own.locator("header b"), "it is of the month").not.toContainText(words("split.total"));
  await expect(rep.locator(".my-target"), "the total is as it was").toHaveAttribute("data-minor", String(total));
  await expect(own).toContainText(why);
  await speaks(rep, language);
  expect(await serious(rep, ".own-talks")).toEqual([]);
});

test("a rep asks for another number of one quarter", async ({ phone, words, picture, watch }) => {
  const rep = await phone();
  await enter(rep, words, "rep");
  await rep.goto("/my-target");
  const quarters = rep.locator(".my-target [data-part=quarters]");
  const quarter = quarters.locator("button[data-minor]").first();
  const number = Number(await quarter.getAttribute("data-minor"));
  const called = (await quarters.locator("dt").first().textContent()) ?? "";
  await quarter.click();
  const dialog = rep.locator("dialog[open]");
  await expect(dialog).toContainText(called);
  const months = dialog.locator("[data-part=quarter-sum] li");
  await expect(months.first()).toBeVisible();
  const has = await months.evaluateAll((months) => months.map((month) => Number(month.getAttribute("data-minor"))));
  expect(has.reduce((sum, month) => sum + month, 0), "it is the sum of its months").toBe(number);
  const form = dialog.locator("details.propose");
  await form.locator("> summary").click();
  const amount = form.locator("input[name=propose-amount]");
  const send = form.getByRole("button", { name: words("negotiation.propose_send"), exact: true });
  watch.expect(/status of 400/);
  await amount.fill((number / 100).toFixed(2));
  await send.click();
  await expect(amount, "that is the number there is").toHaveAttribute("aria-invalid", "true");
  const asked = Math.floor((number * 0.9) / 100);
  await amount.fill(String(asked));
  await form.locator("textarea").fill("这个季度有展会");
  await picture(rep, "negotiation-10-quarter");
  await send.click();
  await expect(dialog).toHaveCount(0);
  const own = rep.locator(".own-talks .talk");
  await expect(own).toHaveAttribute("data-amount", String(asked * 100));
  await expect(own.locator("header b")).toContainText(called);
});

test("a quarter is negotiated from its card, bears its name on either side, and is set as a whole", async ({ page, phone, words, picture }) => {
  test.setTimeout(120_000);
  const rep = await phone();
  await enter(rep, words, "rep");
  await rep.goto("/my-target");
  const name = await carrier(rep);

  await enter(page, words, "planner");
  await newDraft(page, words);
  const grid = new SplitGrid(page);
  const total = await grid.amount(name);
  await page.locator("select[name=columns]").selectOption("quarters");
  const quarter = grid.row(name).locator(".amount[data-quarter='0']");
  await expect(quarter).toBeVisible();
  const minor = async () => Number(await quarter.getAttribute("data-minor"));
  const before = await minor();
  const card = page.locator("dialog[open] [data-card=quarter]");
  const negotiate = card.getByRole("button", { name: words("rows.menu_negotiate"), exact: true });
  const talks = page.locator(".talks");
  const form = talks.locator(".propose");
  const period = form.locator("select[name=propose-period]");
  const talk = talks.locator(".talk");
  const own = rep.locator(".own-talks .talk");
  const answer = Math.floor((before * 1.05) / 100);
  let called = "";

  await test.step("the card of a quarter begins a thread about it", async () => {
    await quarter.click({ button: "right" });
    await negotiate.click();
    await expect(page.locator("dialog[open]")).toHaveCount(0);
    const amount = form.locator("input[name=propose-amount]");
    await expect(amount).toBeFocused();
    await expect(period).toHaveValue(/^0\+[23]$/);
    called = (await period.locator("option:checked").textContent()) ?? "";
    await amount.fill(String(Math.floor((before * 1.1) / 100)));
    await form.getByRole("button", { name: words("negotiation.propose_send"), exact: true }).click();
    await expect(talks).toHaveAttribute("data-open", "1");
    await expect(talk.locator("header b")).toHaveText(`${name} · ${called}`);
    await picture(page, "negotiation-11-quarter-card");
  });

  await test.step("then its card leads to the thread", async () => {
    await quarter.click({ button: "right" });
    await expect(negotiate).toHaveCount(0);
    await card.getByRole("button", { name: words("rows.menu_talk"), exact: true }).click();
    await expect(page.locator("dialog[open]")).toHaveCount(0);
    await expect(talk).toBeFocused();
  });

  await test.step("whoever carries it reads the same name, and answers", async () => {
    await expect(own.locator("header b")).toHaveText(`${name} · ${called}`);
    await own.locator("summary", { hasText: words("negotiation.counter") }).click();
    await own.locator("input[name=amount]").fill(String(answer));
    await own.getByRole("button", { name: words("negotiation.counter_send") }).click();
    await expect(talk).toHaveAttribute("data-amount", String(answer * 100));
  });

  await test.step("agreed on, the quarter has it, and the other months give", async () => {
    await talk.getByRole("button", { name: words("negotiation.agree"), exact: true }).click();
    await expect(talk).toHaveAttribute("data-status", "agreed");
    await expect.poll(minor).toBe(answer * 100);
    expect(await grid.amount(name)).toBe(total);
  });
});
