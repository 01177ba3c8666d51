// What axe has not seen elsewhere: set-up, a questionnaire, an address without a page, and the grid with quarters and
// with lines as columns, with compared cells, with a text that is no amount, and with what the plan did not take. Half of it in English.
import { expect, test } from "../fixtures/attain.ts";
import { Looking, close, serious } from "../pages/axe.ts";
import { enter, newDraft } from "../pages/company.ts";
import { setUp } from "../pages/door.ts";
import { saved, typeOver } from "../pages/split.ts";

const languages = { desktop: "en", phone: "zh-CN" } as const;

for (const size of ["desktop", "phone"] as const) {
  const language = languages[size];
  const locale = language === "en" ? "en-GB" : language;

  test.describe(`a new company, ${size}`, () => {
    test.use({ serving: {}, language, locale });

    test("nothing serious stands in the way of who sets it up", async ({ page: desk, phone, server, words, watch }) => {
      test.setTimeout(240_000);
      const page = size === "phone" ? await phone() : desk;
      const found: Record<string, string[]> = {};
      const look = async (name: string) => {
        const problems = await serious(page);
        if (problems.length > 0) found[name] = problems;
      };
      await page.goto(server.setUpPath);
      await expect(page.getByRole("link", { name: words("door.start_blank") })).toBeVisible();
      await look("set-up");
      await page.getByRole("link", { name: words("door.start_blank") }).click();
      await expect(page.getByLabel(words("door.organization"))).toBeVisible();
      await look("set-up, the form");
      await setUp(page, server, words);
      await expect(page.locator("main")).toBeVisible();
      await expect(page.locator("main .skeleton")).toHaveCount(0);
      await look("people of a new company");
      watch.expect(/status of 404/);
      await page.goto("/no-such-page");
      await expect(page.getByRole("heading", { name: words("frame.not_found") })).toBeVisible();
      await look("no such page");
      expect(found).toEqual({});
      if (size === "phone") await page.context().close();
    });
  });

  test.describe(`the sample company, ${size}`, () => {
    test.use({ serving: { demo: true }, language, locale });

    test("nothing serious stands in a questionnaire", async ({ page: desk, phone, words }) => {
      test.setTimeout(240_000);
      const page = size === "phone" ? await phone() : desk;
      await enter(page, words, "planner");
      const version = await newDraft(page, words);
      await page.goto(`/set/questionnaires?version=${version}&edit=new`);
      await expect(page.locator("input[name=title]")).not.toHaveValue("");
      await page.locator("summary", { hasText: words("questionnaire.by_role") }).click({ timeout: 2_000 }).catch(() => undefined);
      await page.getByLabel(words("frame.role_rep"), { exact: true }).check();
      await page.getByRole("button", { name: words("questionnaire.save_draft"), exact: true }).click();
      await expect(page).toHaveURL(/open=/);
      const id = new URL(page.url()).searchParams.get("open") ?? "";
      await page.getByRole("button", { name: words("questionnaire.send"), exact: true }).click();
      await page.getByRole("button", { name: words("questionnaire.send_sure"), exact: true }).click();
      await expect(page.getByText(words("questionnaire.sent"), { exact: true }).first()).toBeVisible();
      await enter(page, words, "rep");
      await page.goto(`/questionnaire/${id}`);
      await expect(page.locator(`[data-questionnaire="${id}"]`)).toBeVisible();
      expect(await serious(page)).toEqual([]);
      if (size === "phone") await page.context().close();
    });

    test("nothing serious stands in the states of the grid", async ({ page: desk, phone, browser, server, words, watch, colorScheme }) => {
      test.setTimeout(400_000);
      const page = size === "phone" ? await phone() : desk;
      const looking = new Looking(page, size);
      await enter(page, words, "planner");
      const version = await newDraft(page, words);
      const row = page.locator(".grid .tr[data-node]").nth(1);
      const total = row.locator(".amount.total");
      await expect(total).toBeVisible();
      if (size === "phone") await page.getByRole("button", { name: words("split.more_tools") }).click();

      await test.step("all keys", async () => {
        await row.focus();
        await expect(row).toHaveClass(/selected/);
        await page.keyboard.press("?");
        await looking.at("keys", page.locator("dialog[open] [data-part=keys]"));
        await expect(page.locator("dialog[open]"), "nothing else opens with the same key").toHaveCount(1);
        await page.keyboard.press("Escape");
        await expect(page.locator("dialog[open]")).toHaveCount(0);
      });

      await test.step("periods held against last year", async () => {
        await page.locator("select[name=against]").selectOption("history");
        const change = row.locator(".amount[data-period='0'] .vs");
        await expect(change).toHaveText(/\d/);
        await looking.at("compared cells", change);
        await page.locator("select[name=against]").selectOption("start");
        await expect(page.locator(".grid .vs")).toHaveCount(0);
      });

      await test.step("a text that is no amount", async () => {
        await typeOver(row, "a lot");
        const field = total.locator("input[aria-invalid=true]");
        await looking.at("wrong text", field);
        await field.focus();
        await page.keyboard.press("Escape");
        await expect(total.locator("input")).toHaveCount(0);
      });

      await test.step("quarters as columns, and the card of one", async () => {
        await page.locator("select[name=columns]").selectOption("quarters");
        const quarter = row.locator(".amount[data-quarter]").first();
        await looking.at("quarters", quarter);
        await quarter.locator("button").click();
        await looking.at("card of a quarter", page.locator("dialog[open] [data-card=quarter]"));
        await close(page, words);
        await page.locator("select[name=columns]").selectOption("periods");
        await expect(page.locator(".grid .amount[data-quarter]")).toHaveCount(0);
      });

      await test.step("lines as columns", async () => {
        await page.locator("select[name=columns]").selectOption("product");
        const line = row.locator(".amount.line").first();
        await expect(line).toHaveAttribute("data-minor", /\d/, { timeout: 60_000 });
        await looking.at("lines", line);
        await looking.at("heads of lines", page.locator(".grid .th .td.line .sort").first());
        await page.locator("select[name=columns]").selectOption("periods");
        await expect(page.locator(".grid .amount.line")).toHaveCount(0);
      });

      await test.step("what the plan did not take", async () => {
        const other = await browser.newContext({ baseURL: server.url, locale, colorScheme });
        await watch.over(other);
        const second = await other.newPage();
        await enter(second, words, "owner");
        await second.goto(`/split?version=${version}`);
        const name = (await row.getAttribute("data-name")) ?? "";
        const type = async (at: typeof page, text: string) => {
          const same = at.locator(`.grid .tr[data-name="${name}"]`).first();
          await typeOver(same, text);
        };
        let open = (): void => undefined;
        const opened = new Promise<void>((done) => {
          open = done;
        });
        await page.route("**/api/app/split/change", async (route) => {
          await opened;
          await route.continue();
        });
        await type(page, "=+1%");
        await type(second, "=+5%");
        await saved(second);
        open();
        await expect(page.locator(".unsaved")).toContainText(name, { timeout: 30_000 });
        await page.unroute("**/api/app/split/change");
        await looking.at("unsaved", page.locator(".unsaved li"));
        await other.close();
      });
      looking.nothing(8);
      if (size === "phone") await page.context().close();
    });
  });
}
