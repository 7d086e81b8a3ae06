// As the program's own settings have it, with one user.
module.exports = {
  flowFile: "flows.json",
  uiHost: "127.0.0.1",
  adminAuth: {
    type: "credentials",
    users: [
      { username: "warden", password: "$2b$04$7I30a/u/v61MmucqUiVPHuVNPwEvPzuIzP0u1/pQrA1VdNPoEvzBa", permissions: "*" },
    ],
  },
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, palette: { catalogues: [] } },
};
