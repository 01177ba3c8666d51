// Set-up, sign-in and sign-out; with JavaScript and without.
import { networkInterfaces } from "node:os";
import { expect, test } from "../fixtures/attain.ts";
import { forget, owner, setUp, signIn } from "../pages/door.ts";

test("the one-time link makes the owner, once", async ({ page, server, words, picture }) => {
  await page.goto(server.setUpPath);
  await picture(page, "set-up");
  await setUp(page, server, words);
  await forget(page);
  await page.goto(server.setUpPath);
  await expect(page.getByText(words("door.owned"))).toBeVisible();
});

test("a wrong password is refused, the right one lets in, and signing out ends it", async ({ page, server, words, watch, picture }) => {
  watch.expect(/status of 4\d\d/);
  await setUp(page, server, words);
  await forget(page);
  await signIn(page, words, { ...owner, password: "not the right one" });
  await expect(page.getByRole("alert").first()).toBeVisible();
  await picture(page, "refused");
  await signIn(page, words, owner);
  await expect(page).not.toHaveURL(/sign-in/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Maven");
  await forget(page);
  await page.goto("/split");
  await expect(page).toHaveURL(/sign-in/);
});

test.describe("on the local network", () => {
  test.use({ serving: { host: "0.0.0.0" } });

  test("sign-in works at a non-loopback address over plain http, and says what that means", async ({ page, server, words }) => {
    const address = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find((address) => address.family === "IPv4" && !address.internal)?.address;
    test.skip(address === undefined, "this machine has no address but loopback");
    await setUp(page, server, words);
    await forget(page);
    const base = `http://${address}:${server.port}`;
    await page.goto(`${base}/sign-in`);
    await expect(page.getByText(words("frame.plain_line"))).toBeVisible();
    await signIn(page, words, owner, `${base}/sign-in`);
    await expect(page).toHaveURL(`${base}/`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Maven");
  });
});
