// What `cargo xtask bench` measures in the browser without the product: one page, nothing beside it.
import { defineConfig } from "@playwright/test";
import tests from "./playwright.config.ts";

export default defineConfig({
  testDir: "bench",
  outputDir: "test-results",
  workers: 1,
  timeout: 900_000,
  reporter: "list",
  use: { launchOptions: tests.use?.launchOptions },
});
