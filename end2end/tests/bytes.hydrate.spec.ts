// What a browser with an empty cache fetches from the sign-in page to the dashboard with its first chart. `cargo xtask`
// holds the figures against their budgets.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "../fixtures/attain.ts";

const report = process.env.ATTAIN_REPORT ?? resolve(import.meta.dirname, "../../target/end2end/report.json");

test.use({ serving: { demo: true } });

test("bytes from sign-in to the dashboard are counted", async ({ page, context, words, language, picture }) => {
  const network = await context.newCDPSession(page);
  const paths = new Map<string, string>();
  const heads = new Map<string, number>();
  const fetched: { path: string; bytes: number; head: number }[] = [];
  network.on("Network.requestWillBeSent", ({ requestId, request }) => paths.set(requestId, new URL(request.url).pathname));
  network.on("Network.responseReceived", ({ requestId, response }) => heads.set(requestId, response.encodedDataLength));
  network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const head = Math.min(heads.get(requestId) ?? 0, encodedDataLength);
    fetched.push({ path: paths.get(requestId) ?? "?", bytes: encodedDataLength - head, head });
  });
  await network.send("Network.enable");
  await page.goto("/sign-in");
  await page.getByRole("button", { name: words("frame.role_manager") }).click();
  await expect(page).toHaveURL(/\/track/);
  await expect(page.locator("canvas").first()).toBeVisible();
  await page.waitForTimeout(1_000);
  await picture(page, "dashboard");

  const sum = (of: typeof fetched) => of.reduce((bytes, file) => bytes + file.bytes, 0);
  const charts = fetched.filter(({ path }) => path.endsWith("/chart.js"));
  expect(charts, "the chart bundle is fetched once").toHaveLength(1);
  expect(fetched.filter(({ path }) => path.endsWith("/attain.wasm")).length, "the program is fetched").toBeGreaterThan(0);
  const bytes = { "load.app": sum(fetched) - sum(charts), "load.chart": sum(fetched), heads: fetched.reduce((bytes, { head }) => bytes + head, 0), language, fetched };
  const file = join(dirname(report), "bytes.json");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(bytes, null, 2));
});
