// Writes the configuration, one user, and one package, as its publisher would have left it.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";

const state = process.env.STATE;
const name = "drawbridge";
const version = "1.2.3";

writeFileSync(
  `${state}/config.yaml`,
  `storage: ./storage
auth: { htpasswd: { file: ./htpasswd, max_users: -1 } }
uplinks: {}
packages: { "**": { access: $all, publish: $authenticated } }
# The page carries the address it was asked at, and here it is asked at two.
web: { title: Journey, html_cache: false }
log: { type: stdout, format: pretty, level: warn }
`,
);
// The form is htpasswd's {SHA}.
const secret = createHash("sha1").update("a-long-password").digest("base64");
writeFileSync(`${state}/htpasswd`, `warden:{SHA}${secret}\n`);

mkdirSync(`${state}/storage/${name}`, { recursive: true });
const tarball = Buffer.from("not unpacked by anybody");
writeFileSync(`${state}/storage/${name}/${name}-${version}.tgz`, tarball);
const shasum = createHash("sha1").update(tarball).digest("hex");
const manifest = {
  name,
  version,
  description: "Goes up and down",
  readme: "# Drawbridge\n\nGoes **up** and down.\n\n```js\nlet down = true;\n```\n",
  keywords: ["bridge"],
  license: "MIT",
  author: { name: "warden", email: "warden@localhost" },
  dependencies: {},
  main: "index.js",
  _id: `${name}@${version}`,
  dist: { shasum, tarball: `http://localhost/${name}/-/${name}-${version}.tgz` },
};
const now = "2026-01-01T00:00:00.000Z";
writeFileSync(
  `${state}/storage/${name}/package.json`,
  JSON.stringify({
    name,
    versions: { [version]: manifest },
    time: { created: now, modified: now, [version]: now },
    "dist-tags": { latest: version },
    users: {},
    _uplinks: {},
    _distfiles: {},
    _attachments: { [`${name}-${version}.tgz`]: { shasum, version } },
    _rev: "1-1",
    _id: name,
    readme: manifest.readme,
  }),
);
writeFileSync(`${state}/storage/.verdaccio-db.json`, JSON.stringify({ list: [name], secret: "0123456789abcdef0123456789abcdef" }));
