// Drives stanza (stanza.io) over WebSocket for the interop suite.
import { createClient } from "stanza";
import { event, serve, within } from "./lines.mjs";

let xmpp;
let mechanism = "";
const contacts = new Map(); // the library keeps the version, not the items: an unchanged roster comes back empty

function report(message, carbon = null) {
  const own = xmpp.jid.split("/")[0];
  const sid = message.stanzaIds?.find((s) => s.by === own);
  event("message", {
    from: message.from, to: message.to ?? own, body: message.body ?? "", id: message.id, type: message.type ?? "normal",
    carbon, delay: message.delay?.timestamp?.toISOString() ?? null, stanza_id: sid?.id ?? null,
    error: message.error?.condition ?? null,
  });
}

function onMessage(message) {
  if (message.archive) return;
  for (const kind of ["sent", "received"]) {
    const inner = message.carbon?.type === kind && message.carbon.forward?.message;
    if (inner) return report(inner, kind);
  }
  return report(message);
}

function learn(items = []) {
  for (const { jid, subscription = "none", pending = "" } of items) contacts.set(jid, { jid, subscription, ask: pending });
}

function build(args) {
  xmpp = createClient({
    jid: `${args.user}@${args.domain}`, password: args.password, resource: args.resource, server: args.domain,
    transports: { websocket: args.ws, bosh: false }, autoReconnect: false,
  });
  xmpp.on("raw:outgoing", (data) => {
    mechanism = /<auth [^>]*mechanism="([^"]+)"/.exec(data)?.[1] ?? mechanism;
  });
  xmpp.on("message", onMessage);
  xmpp.on("presence", (p) => event("presence", { from: p.from, type: p.type ?? "available" }));
  xmpp.on("roster:update", ({ roster }) => learn(roster.items));
  xmpp.on("disconnected", () => event("disconnected"));
  xmpp.on("stream:management:resumed", () => event("resumed"));
}

function connect(args) {
  build(args);
  const bound = new Promise((resolve, reject) => {
    let condition = "";
    xmpp.on("sasl", (sasl) => { if (sasl.type === "failure") condition = sasl.condition; });
    xmpp.on("session:started", () => resolve());
    xmpp.on("auth:failed", () => reject(new Error(condition || "auth failed")));
    xmpp.on("stream:error", (error) => reject(new Error(condition || error.condition)));
    xmpp.on("disconnected", () => reject(new Error(condition || "disconnected")));
  });
  bound.catch(() => {});
  xmpp.connect();
  return within(20, "session", bound).then(async () => {
    learn((await xmpp.getRoster()).items);
    // A server without carbons fails the checks on carbons, not every login.
    await xmpp.enableCarbons().catch((error) => console.error("carbons", error.error?.condition));
    xmpp.sendPresence();
    return { jid: xmpp.jid, mechanism };
  });
}

async function archive({ max, before, after, with: peer }) {
  const paging = { max };
  if (before != null) paging.before = before;
  if (after != null) paging.after = after;
  const answer = await xmpp.searchHistory({ with: peer, paging });
  return {
    items: answer.results.map(({ id, item }) => ({
      id, body: item.message.body ?? "", from: item.message.from, stamp: item.delay.timestamp.toISOString() })),
    complete: Boolean(answer.complete), first: answer.paging?.first ?? "", last: answer.paging?.last ?? "",
    count: answer.paging?.count ?? null,
  };
}

serve({
  connect,
  archive,
  message: ({ to, body }) => { xmpp.sendMessage({ to, body, type: "chat" }); },
  presence: ({ to, type }) => { xmpp.sendPresence({ to, type: type === "available" ? undefined : type }); },
  roster: async () => {
    learn((await xmpp.getRoster()).items);
    return [...contacts.values()].filter((item) => item.subscription !== "remove");
  },
  remove: ({ jid }) => xmpp.removeRosterItem(jid).then(() => null),
  ping: ({ jid }) => xmpp.ping(jid).then(() => null),
  version: ({ jid }) => xmpp.getSoftwareVersion(jid).then(({ name, version }) => ({ name, version })),
  disco_info: async ({ jid }) => {
    const info = await xmpp.getDiscoInfo(jid);
    return { identities: info.identities.map((i) => `${i.category}/${i.type}`), features: [...info.features].sort() };
  },
  disco_items: async ({ jid }) => (await xmpp.getDiscoItems(jid)).items.map((i) => i.jid),
  block: ({ jid }) => xmpp.block(jid).then(() => null),
  unblock: ({ jid }) => xmpp.unblock(jid).then(() => null),
  blocklist: async () => ((await xmpp.getBlocked()).jids ?? []).map(String).sort(),
  change_password: ({ password }) => xmpp.updateAccount(xmpp.config.server, {
    username: xmpp.jid.split("@")[0], password }).then(() => null),
  unregister: () => xmpp.deleteAccount().then(() => null),
  // What a lost network does to the library: the socket ends, the stream has not been closed.
  cut: () => { xmpp.transport.disconnect(false); },
  reconnect: ({ password }) => {
    if (password) xmpp.config.credentials = { password };
    xmpp.connect();
  },
  disconnect: () => xmpp.disconnect(),
  quit: () => within(2, "end", xmpp?.disconnect() ?? Promise.resolve()),
});
