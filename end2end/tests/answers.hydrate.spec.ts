// Who disagrees with a number says so on the phone; who leads and plans reads it at once beside the plan.
import { expect, test } from "../fixtures/attain.ts";
import { enter as enterAs } from "../pages/company.ts";

test.use({ serving: { demo: true } });

test("a counter is read where the plan is", async ({ page, server, browser, watch, words, language, picture }) => {
  const reason = "两个大客户转走了，<b>450 万</b> 才做得到";
  const enter = async (where: typeof page, role: string) => {
    await where.goto("/sign-in");
    await where.getByRole("button", { name: words(`frame.role_${role}`) }).click();
    await expect(where.locator(".bar")).toBeVisible();
  };
  await enter(page, "manager");
  await page.goto("/split");
  const answers = page.locator(".answers");
  await expect(answers).toHaveAttribute("data-objections", "0");
  const waiting = Number(await answers.getAttribute("data-waiting"));
  expect(waiting).toBeGreaterThan(0);

  const phone = await browser.newContext({
    baseURL: server.url,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    locale: language,
    timezoneId: "Asia/Shanghai",
  });
  await watch.over(phone);
  const rep = await phone.newPage();

  await test.step("the form is closed when it has done its work, and what was said stands on the card", async () => {
    await enter(rep, "rep");
    await rep.goto("/my-target");
    const form = rep.locator("details.counter");
    await form.locator("summary").click();
    await form.locator("textarea").fill(reason);
    await picture(rep, "counter");
    await form.getByRole("button", { name: words("my_target.counter_send") }).click();
    await expect(rep.locator(".my-target .said")).toContainText(reason);
    await expect(form).not.toHaveAttribute("open");
    await expect(form.locator("textarea")).toHaveValue("");
    await picture(rep, "countered");
  });

  await test.step("the open plan shows it without a reload", async () => {
    await expect(answers).toHaveAttribute("data-objections", "1");
    await expect(answers).toHaveAttribute("data-waiting", String(waiting - 1));
    await answers.locator(":scope > summary").click();
    await expect(answers.locator("li[data-state=countered]")).toContainText(reason);
    await expect(page.locator(".panel", { hasText: words("split.bases") }), "who leads is told no bases").toHaveCount(0);
    await picture(page, "answers");
  });
  await phone.close();
});

test("whoever has not confirmed is reminded, and the planner sees exactly which number was confirmed", async ({ page, phone, words, picture }) => {
  test.setTimeout(120_000);
  const rep = await phone();
  await enterAs(rep, words, "rep");
  await rep.goto("/notices");
  const told = rep.locator(".told-page");
  // It stands below the list, also where the list is empty.
  await expect(told.locator(".told-mail")).toBeVisible();
  const before = await told.locator("li").count();

  await enterAs(page, words, "planner");
  await page.goto("/split");
  const answers = page.locator(".answers");
  await expect(answers).toHaveAttribute("data-confirmed", "0");
  const waiting = Number(await answers.getAttribute("data-waiting"));
  expect(waiting).toBeGreaterThan(0);

  await test.step("the planner reminds everybody, once a day", async () => {
    await answers.locator(":scope > summary").click();
    await picture(page, "remind-1-waiting");
    await answers.getByRole("button", { name: words("split.remind_all"), exact: true }).click();
    await expect(answers.locator("[data-reminded]").first()).toBeVisible();
    await expect(answers, "the list stays unfolded").toHaveAttribute("open");
    await picture(page, "remind-2-reminded");
  });

  await test.step("on a phone a row has its number beside its name, and nothing of it is cut", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const row = answers.locator("li[data-state]").first();
    await row.scrollIntoViewIfNeeded();
    const [name, amount] = [await row.locator("b").boundingBox(), await row.locator("> .nowrap").boundingBox()];
    if (name === null || amount === null) throw new Error("a part of the row is missing");
    const middle = amount.y + amount.height / 2;
    expect(middle, "on its line").toBeGreaterThan(name.y);
    expect(middle, "on its line").toBeLessThan(name.y + name.height);
    expect(amount.x, "beside it").toBeGreaterThanOrEqual(name.x + name.width);
    expect(await row.evaluate((row) => [...row.children].every((part) => part.getBoundingClientRect().right <= 390))).toBe(true);
    await picture(page, "remind-2a-phone");
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await test.step("the list is sought by name and stance, and keeps focus and folds while others answer", async () => {
    const seek = answers.locator("input[name=answers-seek]");
    const all = Number(await answers.getAttribute("data-matching"));
    // The last row is a person: a unit is called with who carries it.
    const one = (await answers.locator("li b").last().textContent()) ?? "";
    await seek.fill(one);
    await expect.poll(async () => Number(await answers.getAttribute("data-matching"))).toBeLessThan(all);
    await expect(answers.locator("li b").first()).toContainText(one);
    await expect(seek, "what is typed keeps the focus").toBeFocused();
    await picture(page, "remind-2b-sought");
    await seek.fill("");
    await expect(answers).toHaveAttribute("data-matching", String(all));
    await answers.locator("select[name=answers-stance]").selectOption("confirmed");
    await expect(answers).toHaveAttribute("data-matching", "0");
    await expect(answers.getByText(words("split.answers_none"), { exact: true })).toBeVisible();
    await expect(answers.locator("[data-remind=listed]")).toHaveAttribute("aria-disabled", "true");
    await answers.locator("select[name=answers-stance]").selectOption("");
    await expect(answers).toHaveAttribute("data-matching", String(all));
    await seek.focus();
  });

  await test.step("the rep finds the notice without a reload, and confirms", async () => {
    await expect(told.locator("li")).toHaveCount(before + 1);
    await picture(rep, "remind-3-told");
    await told.locator("li a").first().click();
    await expect(rep).toHaveURL(/\/my-target$/);
    await expect(rep.locator(".fingerprint")).toHaveCount(0);
    await rep.getByRole("button", { name: words("my_target.confirm"), exact: true }).click();
    const fingerprint = rep.locator(".fingerprint");
    await expect(fingerprint).toHaveAttribute("data-holds", "true");
    await fingerprint.locator("summary").click();
    await expect(fingerprint).toContainText(words("my_target.fingerprint_covers"));
    await picture(rep, "remind-4-fingerprint");
  });

  await test.step("the planner sees it at once: who, and which number", async () => {
    const hash = await rep.locator(".fingerprint").getAttribute("data-hash");
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    await expect(answers).toHaveAttribute("data-confirmed", "1");
    await expect(answers).toHaveAttribute("data-waiting", String(waiting - 1));
    const confirmed = answers.locator("li[data-state=confirmed] .fingerprint");
    await expect(confirmed).toHaveAttribute("data-hash", hash ?? "");
    await expect(confirmed).toHaveAttribute("data-holds", "true");
    await expect(answers, "what came leaves it unfolded").toHaveAttribute("open");
    await expect(answers.locator("input[name=answers-seek]"), "and the focus where it was").toBeFocused();
    await picture(page, "remind-5-confirmed");
  });
  await rep.context().close();
});

test("a table beside a chart stays open in another language", async ({ page, words }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: words("frame.role_planner") }).click();
  // The sign-in is answered before one goes on.
  await expect(page.locator(".bar")).toBeVisible();
  await page.goto("/track");
  const table = page.locator("figure.chart details").first();
  await table.locator("summary").click();
  await expect(table).toHaveAttribute("open");
  const head = table.locator("thead th").nth(1);
  const before = await head.textContent();
  await page.getByRole("button", { name: "English" }).click();
  await expect(head).not.toHaveText(before ?? "");
  await expect(table).toHaveAttribute("open");
});
