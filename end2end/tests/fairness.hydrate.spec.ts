// Fairness beside the grid: verdicts and figures follow the numbers, and a limit that blocks keeps a plan from being published
// until an owner says why.
import { expect, test } from "../fixtures/attain.ts";
import { serious } from "../pages/axe.ts";
import { enter, newDraft } from "../pages/company.ts";
import { speaks } from "../pages/language.ts";
import { settled, typeOver, unfold } from "../pages/split.ts";

test.use({ serving: { demo: true } });

test("a plan is judged while it is split, and held against limits", async ({ page, words, watch, picture }) => {
  test.setTimeout(120_000);
  const panel = page.locator("details.fairness");
  const gini = async () => Number(await panel.locator("[data-figure=gini]").getAttribute("data-value"));
  const judged = async () => {
    await unfold(panel);
    await expect(panel.locator("[data-verdict=level] b")).not.toBeEmpty({ timeout: 60_000 });
  };
  let version = "";

  await test.step("level and spread are told apart", async () => {
    await enter(page, words, "planner");
    version = await newDraft(page, words);
    await judged();
    await expect(panel.locator("[data-verdict=spread] b")).not.toBeEmpty();
    const reached = Number(await panel.locator("[data-figure=reached]").getAttribute("data-value"));
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(1);
    await expect(panel.locator("svg[role=img]")).toHaveAttribute("aria-label", /%/);
    // Beside them: the way it was split by, and what people say of the version on record.
    await expect(panel.locator("[data-way]")).toHaveCount(1, { timeout: 60_000 });
    await expect(panel.locator("[data-voice=before]")).toHaveCount(1);
    await picture(page, "fairness-1-panel");
  });

  await test.step("every figure says why it is what it is", async () => {
    const card = page.locator("dialog[open] [data-card=figure]");
    const figures = panel.locator("dl [data-figure] [data-why]");
    const count = await figures.count();
    expect(count).toBeGreaterThanOrEqual(6);
    for (let at = 0; at < count; at += 1) {
      const figure = figures.nth(at);
      const of = (await figure.getAttribute("data-why")) ?? "";
      // By a press, by Enter, and by the key of menus.
      if (at % 3 === 0) await figure.click();
      else {
        await figure.focus();
        await page.keyboard.press(at % 3 === 1 ? "Enter" : "Shift+F10");
      }
      await expect(card).toHaveAttribute("data-of", of);
      await expect(card.locator("[data-part=numbers]")).toContainText(/[=—]/);
      await expect(card.locator("[data-part=over]")).toContainText(/\d/);
      await page.keyboard.press("Escape");
      await expect(card).toHaveCount(0);
      await expect(figure, "one goes on where one was").toBeFocused();
    }
    // While nothing moves it is told between which shares it most likely is.
    await expect(panel.locator("[data-figure=reached] dd")).toContainText(/%.*%.*%/);
    // Who makes most of it is named, and what it is held against.
    await panel.locator("[data-figure=gini] [data-why]").click();
    await expect(card.locator("[data-part=rows] [data-row]").first()).toContainText("%");
    await expect(card.locator("[data-part=limit]")).toContainText("10.0 %");
    await expect(card.locator("[data-part=set-by]")).toHaveText(words("fairness.why_not_set"));
    await picture(page, "fairness-4-why");
    const first = card.locator("[data-part=rows] [data-row]").first();
    const node = await first.getAttribute("data-row");
    await first.getByRole("button").click();
    await expect(card).toHaveCount(0);
    await expect(page.locator(`.grid .tr[data-node="${node}"]`)).toHaveClass(/selected/);
  });

  await test.step("a number that is changed moves the figures", async () => {
    const before = await gini();
    const row = page.locator(".grid .tr[data-node]").nth(1);
    await typeOver(row, "=+20%");
    await expect.poll(gini).not.toBe(before);
  });

  await test.step("under a hand that drags the figures move in the frame of the number", async () => {
    const rows = page.locator(".grid .tr[data-node]");
    const levels = await rows.evaluateAll((all) => all.map((row) => Number(row.getAttribute("aria-level"))));
    const person = rows.nth(levels.indexOf(Math.max(...levels)));
    const handle = person.getByRole("slider");
    await handle.scrollIntoViewIfNeeded();
    const before = await settled(gini);
    const box = await handle.boundingBox();
    if (box === null) throw new Error("the row has no handle in sight");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    // Counts frames until the number is another, and until the figure is.
    await person.locator(".amount.total").evaluate((total) => {
      const figure = document.querySelector("details.fairness [data-figure=gini]");
      const read = () => [total.getAttribute("data-minor"), figure?.getAttribute("data-value")];
      const [start, seen] = [read(), [-1, -1]];
      const count = (frame: number): void => {
        read().forEach((now, at) => {
          if (now !== start[at] && seen[at] === -1) seen[at] = frame;
        });
        Object.assign(window, { movedAfter: seen });
        if (frame < 600 && seen.includes(-1)) requestAnimationFrame(() => count(frame + 1));
      };
      count(0);
    });
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 20, y);
    await expect.poll(gini, "while the hand has not let go").not.toBe(before);
    const [number, figure] = await page.evaluate(() => (window as unknown as { movedAfter: [number, number] }).movedAfter);
    expect(number).toBeGreaterThanOrEqual(0);
    expect(Math.abs(figure - number), "frames between the two").toBeLessThanOrEqual(1);
    await page.mouse.up();
    await expect(page.locator(".ruler")).toHaveCount(0);
    await expect(page.locator("[data-saved=true]")).toBeVisible();
    await expect(panel.locator("[data-figure=reached] dd"), "told in full again").toContainText(/%.*%.*%/);
  });

  await test.step("a name leads to its row, whatever hides it", async () => {
    // Whose target is many times what it was has next to no chance.
    const rows = page.locator(".grid .tr[data-node]");
    const levels = await rows.evaluateAll((all) => all.map((row) => Number(row.getAttribute("aria-level"))));
    const person = rows.nth(levels.indexOf(Math.max(...levels)));
    const before = await gini();
    await page.getByRole("button", { name: words("split.give_parent"), exact: true }).click();
    await typeOver(person, "=A*9");
    await expect.poll(gini).not.toBe(before);
    const name = panel.locator("button[data-who]").first();
    await expect(name, "somebody is named").toBeVisible();
    const node = await name.getAttribute("data-who");
    const seek = page.locator(".tools input[type=search]");
    await seek.fill("没有人叫这个名字");
    await expect(rows).toHaveCount(0);
    await name.click();
    await expect(seek).toHaveValue("");
    const row = page.locator(`.grid .tr[data-node="${node}"]`);
    await expect(row).toHaveClass(/selected/);
    await expect(row).toBeFocused();
  });

  await test.step("what is beyond a limit that blocks is not published without a reason", async () => {
    await enter(page, words, "owner");
    await page.goto(`/split?version=${version}`);
    await judged();
    await panel.locator("details.limits > summary").click();
    await panel.locator("input[name=warn-reached]").fill("100");
    await panel.locator("input[name=block-reached]").fill("99");
    // The bound of over-assignment stands beside them: it is refused in words where it is none.
    const bound = panel.locator("input[name=block-hedge]");
    await expect(bound).toHaveValue("50");
    await bound.fill("120");
    await panel.getByRole("button", { name: words("fairness.save"), exact: true }).click();
    await expect(panel.locator("details.limits [role=alert]")).toContainText("120.0 %");
    await bound.fill("60");
    await panel.getByRole("button", { name: words("fairness.save"), exact: true }).click();
    await expect(panel.locator("[data-breach=reached][data-blocks=true]")).toBeVisible();
    // Saved again, the bound is left to whoever chose another meanwhile.
    const sent = page.waitForRequest("**/api/app/fairness/limits");
    await panel.getByRole("button", { name: words("fairness.save"), exact: true }).click();
    expect(((await sent).postDataJSON() as { hedge_ppm?: number | null }).hedge_ppm ?? null).toBeNull();
    await panel.locator("[data-figure=reached] [data-why]").click();
    const card = page.locator("dialog[open] [data-card=figure]");
    await expect(card.locator("[data-part=limit]"), "what was saved just now").toContainText("99.0 %");
    await expect(card.locator("[data-part=set-by]"), "and who did").not.toHaveText(words("fairness.why_not_set"));
    await expect(card.locator("[data-part=set-by]")).not.toBeEmpty();
    await page.keyboard.press("Escape");
    await expect(card).toHaveCount(0);
    const over = page.locator("[data-panel=over-assign]");
    await over.locator("summary").first().click();
    await expect(over.locator("[data-figure=over-limit]"), "it holds at once").toContainText("60.0 %");
    await over.locator("summary").first().click();
    watch.expect(/status of 409/);
    await page.getByRole("button", { name: words("split.publish"), exact: true }).click();
    const before = page.locator("dialog[open] .before");
    await expect(before.locator("[data-measure=reached][data-blocks=true]")).toBeVisible({ timeout: 60_000 });
    await expect(before.locator("[data-blocked=true]"), "who may pass it").toBeVisible();
    await expect(before.locator("[data-voice=before]")).toHaveCount(1);
    await picture(page, "fairness-3-before");
    await page.locator("dialog[open] footer button.primary").click();
    await expect(page.locator(".toasts")).toContainText("99.0 %");
    await picture(page, "fairness-2-refused");
    const anyway = panel.locator("[data-fairness=anyway]");
    await anyway.locator("input").fill("董事会已经同意");
    // As whoever publishes within limits one looks at it first; what is changed after that is told instead.
    const look = async () => {
      await anyway.getByRole("button").click();
      await expect(page.locator("dialog[open] .before[data-before]")).toHaveCount(1, { timeout: 60_000 });
    };
    await look();
    const other = await page.context().newPage();
    await other.goto(`/set/outlook?version=${version}`);
    await other.getByRole("button", { name: words("outlook.add"), exact: true }).click();
    const factor = other.locator("dialog[open]");
    await factor.locator("[name=factor-name]").fill("展会");
    await factor.locator("[name=factor-effect]").fill("3");
    await factor.locator("[name=factor-source]").fill("主办方通知");
    await factor.getByRole("button", { name: words("outlook.save"), exact: true }).click();
    await expect(factor).toHaveCount(0);
    await other.close();
    await page.locator("dialog[open] footer button.primary").click();
    await expect(page.locator(".toasts")).toContainText(/市场因素|market factors/);
    // Looked at once more, it is published for the reason that is still there.
    await look();
    await page.locator("dialog[open] footer button.primary").click();
    await expect(page.getByRole("button", { name: words("split.new_draft"), exact: true })).toBeVisible({ timeout: 30_000 });
  });
});

test("who publishes is told what was changed after they looked", async ({ page, words, watch }) => {
  test.setTimeout(120_000);
  await enter(page, words, "owner");
  const version = await newDraft(page, words);
  await page.getByRole("button", { name: words("split.publish"), exact: true }).click();
  await expect(page.locator("dialog[open] .before[data-before]"), "what one decides by").toHaveCount(1, { timeout: 60_000 });

  const other = await page.context().newPage();
  await other.goto(`/split?version=${version}`);
  const row = other.locator(".grid .tr[data-node]").nth(1);
  await row.focus();
  await expect(row).toHaveClass(/selected/);
  const changed = other.waitForResponse((response) => response.url().endsWith("/api/app/split/change") && response.ok());
  await other.keyboard.press("F2");
  await other.keyboard.type("=+20%");
  await other.keyboard.press("Enter");
  await (await changed).finished();

  watch.expect(/status of 409/);
  const publish = page.locator("dialog[open] footer button.primary");
  await publish.click();
  await expect(page.locator(".toasts")).toContainText(/看过之后|after they were looked at/);
  // The same where it is reckoned with something else than before.
  await page.getByRole("button", { name: words("split.publish"), exact: true }).click();
  await expect(page.locator("dialog[open] .before[data-before]")).toHaveCount(1, { timeout: 60_000 });
  await other.goto(`/set/outlook?version=${version}`);
  await other.getByRole("button", { name: words("outlook.add"), exact: true }).click();
  const factor = other.locator("dialog[open]");
  await factor.locator("[name=factor-name]").fill("展会");
  await factor.locator("[name=factor-effect]").fill("3");
  await factor.locator("[name=factor-source]").fill("主办方通知");
  await factor.getByRole("button", { name: words("outlook.save"), exact: true }).click();
  await expect(factor).toHaveCount(0);
  await publish.click();
  await expect(page.locator(".toasts")).toContainText(/市场因素|market factors/);
  // Looked at once more, it is published.
  await page.getByRole("button", { name: words("split.publish"), exact: true }).click();
  await expect(page.locator("dialog[open] .before[data-before]")).toHaveCount(1, { timeout: 60_000 });
  await publish.click();
  await expect(page.getByRole("button", { name: words("split.new_draft"), exact: true })).toBeVisible({ timeout: 30_000 });
});

test("nobody publishes before what they decide by has come @english", async ({ page, words, watch, picture, language }) => {
  test.setTimeout(120_000);
  // What one looks at is broken off.
  watch.expect(/net::ERR_FAILED/);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await enter(page, words, "owner");
  await newDraft(page, words);
  const before = "**/api/app/split/before";
  const dialog = page.locator("dialog[open]");
  const primary = dialog.locator("footer button.primary");
  const ask = async () => {
    await page.getByRole("button", { name: words("split.publish"), exact: true }).click();
    await expect(dialog.locator(".before")).toBeVisible();
  };

  await test.step("until it has come the button waits", async () => {
    let release = () => {};
    const held = new Promise<void>((done) => (release = done));
    await page.route(before, async (route) => {
      await held;
      await route.continue();
    });
    await ask();
    await expect(primary).toBeDisabled();
    await expect(primary).toHaveAttribute("aria-busy", "true");
    release();
    await expect(dialog.locator(".before[data-before]")).toHaveCount(1, { timeout: 60_000 });
    await expect(primary).toBeEnabled();
    await speaks(page, language);
    expect(await serious(page, "dialog[open]")).toEqual([]);
    await page.unroute(before);
    await dialog.getByRole("button", { name: words("split.publish_no"), exact: true }).click();
    await expect(dialog).toHaveCount(0);
  });

  await test.step("how fair it is stands beside the grid", async () => {
    const panel = page.locator("details.fairness");
    await unfold(panel);
    await expect(panel.locator("[data-verdict=level] b")).not.toBeEmpty({ timeout: 60_000 });
    await expect(panel.locator(".skeleton")).toHaveCount(0, { timeout: 60_000 });
    await speaks(page, language);
    expect(await serious(page, "details.fairness")).toEqual([]);
  });

  const unseen = dialog.locator("footer").getByRole("button", { name: /without having seen|没看到/ });
  await test.step("where it does not come that is said, and it is asked for again", async () => {
    await page.route(before, (route) => route.abort());
    await ask();
    await expect(dialog.locator(".before").getByRole("alert")).not.toBeEmpty();
    await expect(primary, "what was not seen is not published in passing").toHaveCount(0);
    await expect(unseen).toBeEnabled();
    await picture(page, "fairness-4-unseen");
    await page.unroute(before);
    await dialog.getByRole("button", { name: words("ui.retry"), exact: true }).click();
    await expect(dialog.locator(".before"), "the button is gone, the keyboard stays").toBeFocused();
    await expect(dialog.locator(".before[data-before]")).toHaveCount(1, { timeout: 60_000 });
    await expect(primary).toBeEnabled();
    await expect(unseen).toHaveCount(0);
    await dialog.getByRole("button", { name: words("split.publish_no"), exact: true }).click();
    await expect(dialog).toHaveCount(0);
  });

  await test.step("who cannot wait publishes all the same, in words that say so", async () => {
    await page.route(before, (route) => route.abort());
    await ask();
    await unseen.click();
    await expect(page.getByRole("button", { name: words("split.new_draft"), exact: true })).toBeVisible({ timeout: 30_000 });
  });
});
