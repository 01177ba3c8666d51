// Who disagrees with a number says so on the phone; who leads and plans reads it at once beside the plan.
import { expect, test } from "../fixtures/attain.ts";

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
    await answers.locator("summary").click();
    await expect(answers.locator("li")).toContainText(reason);
    await expect(page.locator(".panel", { hasText: words("split.bases") }), "who leads is told no bases").toHaveCount(0);
    await picture(page, "answers");
  });
  await phone.close();
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
