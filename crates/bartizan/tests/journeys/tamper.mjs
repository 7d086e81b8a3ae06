// Stands before an app, and adds to its pages what a file contains, while it exists: as an attacker who found a hole
// would, or as a new version of the app does. All else passes as it is, WebSockets as well.
//
// Arguments: the port to listen on, the app's port, the file.

import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect } from "node:net";

const [port, app, file] = process.argv.slice(2);

const addition = () => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};

const server = createServer((asked, answer) => {
  const headers = { ...asked.headers };
  const added = addition();
  // So that the page comes whole and can be read.
  if (added) for (const name of ["accept-encoding", "if-none-match", "if-modified-since"]) delete headers[name];
  const upstream = request({ port: app, host: "127.0.0.1", method: asked.method, path: asked.url, headers }, (found) => {
    const isPage = added && /^text\/html/.test(found.headers["content-type"] ?? "");
    if (!isPage) {
      answer.writeHead(found.statusCode, found.statusMessage, found.rawHeaders);
      found.pipe(answer);
      return;
    }
    const parts = [];
    found.on("data", (part) => parts.push(part));
    found.on("end", () => {
      const body = Buffer.concat(parts).toString().replace(/<head[^>]*>/i, (head) => head + added);
      const { "content-length": _, "transfer-encoding": __, ...rest } = found.headers;
      answer.writeHead(found.statusCode, { ...rest, "content-length": Buffer.byteLength(body) });
      answer.end(body);
    });
  });
  upstream.on("error", () => answer.destroy());
  answer.on("close", () => upstream.destroy());
  asked.pipe(upstream);
});

server.on("upgrade", (asked, socket, rest) => {
  const upstream = connect(app, "127.0.0.1", () => {
    const lines = [];
    for (let at = 0; at < asked.rawHeaders.length; at += 2) lines.push(`${asked.rawHeaders[at]}: ${asked.rawHeaders[at + 1]}`);
    upstream.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    upstream.write(rest);
    upstream.pipe(socket).pipe(upstream);
  });
  upstream.on("error", () => socket.destroy());
  socket.on("error", () => upstream.destroy());
});

server.listen(Number(port), "127.0.0.1");
