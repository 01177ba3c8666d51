// Opening the split grid from another page: from the click on where it is until its first rows stand, and until it can be worked
// in. `cargo xtask bench split` makes a company of 5,000 rows, starts the server and holds the figures against their bars.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "@playwright/test";

const report = process.env.ATTAIN_REPORT ?? resolve(import.meta.dirname, "../../target/end2end/report.json");
const rounds = 9;

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: cargo xtask bench split`);
  return value;
}

test("the split grid is opened from another page", async ({ browser }) => {
  const context = await browser.newContext({
    baseURL: given("ATTAIN_BENCH_SERVER"),
    viewport: { width: 1_600, height: 900 },
    locale: "en-GB",
  });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.locator("input[type=email]").fill(given("ATTAIN_BENCH_EMAIL"));
  await page.locator("input[type=password]").fill(given("ATTAIN_BENCH_PASSWORD"));
  await page.keyboard.press("Enter");
  await expect(page.locator(".bar")).toBeVisible();
  const rows_ms: number[] = [];
  const whole_ms: number[] = [];
  // The first round only warms up.
  for (let round = 0; round <= rounds; round += 1) {
    // The page listens to events as soon as its own program is there; a click before that would load another page.
    const listening = page.waitForRequest((request) => new URL(request.url()).pathname === "/events");
    await page.goto("/set/target");
    await listening;
    const link = page.locator(".rail a[href='/split']");
    await expect(link).toBeVisible();
    // Nothing of it is still at work; the network is never idle, as events are listened to.
    await page.waitForTimeout(1_000);
    const [rows, whole] = await link.evaluate(
      (link) =>
        new Promise<[number, number]>((done) => {
          const begun = performance.now();
          let rows: number | undefined;
          const look = () => {
            const now = performance.now();
            if (rows === undefined && document.querySelector(".grid .trs .tr") !== null) rows = now - begun;
            if (rows !== undefined && document.querySelector("[role=treegrid] .tr[data-node]") !== null) {
              done([rows, now - begun]);
            } else {
              requestAnimationFrame(look);
            }
          };
          (link as HTMLElement).click();
          requestAnimationFrame(look);
        }),
    );
    if (round === 0) continue;
    rows_ms.push(rows);
    whole_ms.push(whole);
  }
  await context.close();
  const file = join(dirname(report), "opening.json");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ rows_ms, whole_ms }, null, 2));
  expect(rows_ms).toHaveLength(rounds);
});
