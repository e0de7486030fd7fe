// Ends with 0 while /livez of the process in this container says that all is well: what HEALTHCHECK of the image runs.
const port = process.env.FOREWARN_HTTP_PORT ?? '8080';
const answer = await fetch(`http://127.0.0.1:${port}/livez`).catch((error) => ({
  ok: false,
  text: () => String(error),
}));
if (!answer.ok) {
  console.error(await answer.text());
  process.exitCode = 1;
}
