// Sample people: those of the reference pictures.
import { cell, cells, answer } from './cell';
import { scenes } from './scene';
import type {
  Contact,
  ContactRequest,
  Contacts,
  Presence,
  PresenceModule,
  Profile,
  Profiles,
  Invitations,
  Directory,
} from '../../../../packages/client/src/api/contacts';

export const me = 'alice@localhost';

export const names: Readonly<Record<string, string>> = {
  'wang@localhost': '王小明',
  'chen@localhost': '陈思远',
  'bob@localhost': 'Bob Martin',
  'mama@localhost': '妈妈',
  'lin@localhost': '林晓雨',
  'zhou@localhost': '周老师',
  'rust@localhost': 'Rust 中文周报',
  'emma@localhost': 'Emma Wilson',
  'kuaidi@localhost': '快递助手',
  'release@localhost': 'Release notes',
  'zhao@localhost': '赵一帆',
  'ouyang@localhost': '欧阳娜娜',
  'liam@localhost': "Liam O'Brien",
  'sun@localhost': '孙悦',
  'aqiang@localhost': '阿强',
  'emile@localhost': 'Émile Zola',
};

const person = (jid: string): Contact => ({
  jid,
  name: names[jid] ?? jid.split('@')[0] ?? jid,
  remark: jid === 'aqiang@localhost' ? '阿强' : null,
  tags:
    jid === 'mama@localhost'
      ? ['家人']
      : ['wang@localhost', 'chen@localhost', 'bob@localhost', 'lin@localhost'].includes(jid)
        ? ['前端小组']
        : [],
  relation: jid === 'liam@localhost' ? 'waiting' : 'mutual',
  blocked: false,
});

const list = cell<readonly Contact[]>(scenes.empty ? [] : Object.keys(names).sort().map(person));
const requests = cell<readonly ContactRequest[]>(
  scenes.empty
    ? []
    : [
        {
          jid: 'gao@localhost',
          name: '高翔',
          message: '你好，我是上周徒步认识的高翔，加个好友吧。',
          time: Date.now() - 3_600_000,
          postponed: false,
        },
      ],
);
const blocked = cell<readonly string[]>([]);
const tags = cell<readonly string[]>(['前端小组', '家人']);
const change = (jid: string, part: Partial<Contact>) =>
  list.update((all) => all.map((one) => (one.jid === jid ? { ...one, ...part } : one)));
const dropRequest = (jid: string) => requests.update((all) => all.filter((one) => one.jid !== jid));

export const contacts: Contacts = {
  list,
  requests,
  blocked,
  tags,
  get: (jid) => list.get().find((one) => one.jid === jid),
  add: async (jid, options) => {
    await answer(0);
    list.update((all) => [
      ...all.filter((one) => one.jid !== jid),
      { ...person(jid), remark: options?.remark ?? null, relation: 'waiting' },
    ]);
  },
  accept: async (jid) => {
    list.update((all) => [...all, person(jid)]);
    dropRequest(jid);
  },
  decline: async (jid) => dropRequest(jid),
  later: async (jid) => requests.update((all) => all.map((one) => (one.jid === jid ? { ...one, postponed: true } : one))),
  setRemark: async (jid, remark) => change(jid, { remark, name: remark ?? names[jid] ?? jid }),
  setTags: async (jid, wanted) => {
    change(jid, { tags: wanted });
    tags.set([...new Set(list.get().flatMap((one) => one.tags))].sort());
  },
  remove: async (jid) => list.update((all) => all.filter((one) => one.jid !== jid)),
  block: async (jid) => {
    blocked.update((all) => [...all, jid]);
    change(jid, { blocked: true });
  },
  unblock: async (jid) => {
    blocked.update((all) => all.filter((one) => one !== jid));
    change(jid, { blocked: false });
  },
};

const drawn: Readonly<Record<string, readonly [sky: string, hill: string]>> = {
  'wang@localhost': ['#bfe0f5', '#3b7fb0'],
  'bob@localhost': ['#f7d9c4', '#b4552d'],
  'emma@localhost': ['#e9dcf7', '#7a4fa3'],
  'mama@localhost': ['#f6e3b4', '#9b7a2f'],
  [me]: ['#d3ecfa', '#0e7da7'],
};

/** A plain drawn picture, so that some people have one. */
async function picture(jid: string): Promise<Blob | null> {
  const colours = drawn[jid];
  if (!colours) return null;
  const canvas = new OffscreenCanvas(96, 96);
  const pen = canvas.getContext('2d');
  if (!pen) return null;
  pen.fillStyle = colours[0];
  pen.fillRect(0, 0, 96, 96);
  pen.fillStyle = colours[1];
  pen.beginPath();
  pen.arc(48, 40, 17, 0, 7);
  pen.fill();
  pen.beginPath();
  pen.arc(48, 102, 38, 0, 7);
  pen.fill();
  return canvas.convertToBlob();
}

const profile = (jid: string): Profile => ({
  jid,
  nickname: jid === me ? 'Alice Zhou' : (names[jid] ?? null),
  avatar: null,
  about: jid === 'wang@localhost' ? '喜欢徒步和摄影。' : null,
  email: null,
});
const profileOf = cells(profile);
const withPicture = (jid: string) => {
  const store = profileOf(jid);
  if (!store.get().avatar)
    void picture(jid).then((blob) => {
      if (blob) store.update((old) => ({ ...old, avatar: { hash: jid, blob } }));
    });
  return store;
};

export const profiles: Profiles = {
  own: withPicture(me),
  of: withPicture,
  refresh: (jid) => answer(withPicture(jid).get()),
  setNickname: async (nickname) => profileOf(me).update((old) => ({ ...old, nickname })),
  setAbout: async (about) => profileOf(me).update((old) => ({ ...old, about })),
  setAvatar: async (blob) =>
    profileOf(me).update((old) => ({ ...old, avatar: blob ? { hash: String(Math.random()), blob } : null })),
};

const online = ['wang@localhost', 'bob@localhost', 'mama@localhost'];
const presenceOf = cells<Presence>((jid) => ({
  status: online.includes(jid) ? 'online' : jid === 'chen@localhost' ? 'away' : 'offline',
  text: '',
  lastSeen: online.includes(jid) ? null : Date.now() - 5_400_000,
}));

export const presence: PresenceModule = {
  of: presenceOf,
  askLastSeen: async () => undefined,
  own: cell({ status: 'online', text: '' }),
  set: async () => undefined,
};

export const invitations: Invitations = {
  toContact: () =>
    answer({
      uri: 'xmpp:alice@localhost?roster;preauth=Kq3vWb7Tn2',
      link: `${location.origin}/invite/Kq3vWb7Tn2`,
      token: 'Kq3vWb7Tn2',
      expires: Date.now() + 7 * 86_400_000,
    }),
  toAccount: () =>
    answer({
      uri: 'xmpp:localhost?register;preauth=Zp8sXc4Lm1',
      link: `${location.origin}/invite/Zp8sXc4Lm1`,
      token: 'Zp8sXc4Lm1',
      expires: null,
    }),
  look: (token) =>
    answer(
      {
        valid: token !== 'dead',
        kind: 'contact',
        inviter: token === 'dead' ? null : 'wang@localhost',
        inviterName: '王小明',
        expires: null,
      },
      300,
    ),
  parse: (text) => {
    const token = /\/invite\/([\w-]+)$/.exec(text)?.[1];
    return token ? { jid: null, token, kind: 'contact' } : null;
  },
};

export const directory: Directory = {
  find: (words) =>
    answer(
      Object.entries(names)
        .filter(([jid, name]) => (name + jid).includes(words))
        .map(([jid, name]) => ({ jid, name })),
    ),
};
