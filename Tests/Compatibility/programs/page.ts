// Fetches a page and reads a file; `escape FILE` prints a file.
const [what, file]: string[] = Deno.args;
if (what === "escape") {
  console.log(Deno.readTextFileSync(file));
} else {
  const page: Response = await fetch(`http://127.0.0.1:${Deno.env.get("PORT")}/page`);
  await page.text();
  console.log(page.status, Deno.readTextFileSync("a.txt"));
}
