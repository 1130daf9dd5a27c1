// What the sample people said.
import { me, names } from './people';
import { scenes } from './scene';
import type { Message, MessageFile } from '../../../../packages/client/src/api/messages';

type Line = readonly [who: 'me' | 'them', minutesAgo: number, body: string, more?: Partial<Message>];

const day = 24 * 60;

function picture(
  name: string,
  width: number,
  height: number,
  paint: (pen: OffscreenCanvasRenderingContext2D) => void,
): MessageFile {
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d');
  if (pen) paint(pen);
  const bitmap = canvas.transferToImageBitmap();
  const page = document.createElement('canvas');
  page.width = width;
  page.height = height;
  page.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
  const url = page.toDataURL('image/jpeg', 0.8);
  const bytes = Uint8Array.from(atob(url.split(',')[1] ?? ''), (each) => each.charCodeAt(0));
  return {
    name,
    type: 'image/jpeg',
    size: bytes.length,
    width,
    height,
    duration: null,
    url: '',
    thumbnail: null,
    local: new Blob([bytes], { type: 'image/jpeg' }),
  };
}

const mountains = () =>
  picture('IMG_2041.jpg', 960, 720, (pen) => {
    pen.fillStyle = '#8fb3d6';
    pen.fillRect(0, 0, 960, 720);
    pen.fillStyle = '#f4e0a8';
    pen.beginPath();
    pen.arc(720, 150, 70, 0, 7);
    pen.fill();
    [
      ['#c79a74', 330],
      ['#a87a58', 430],
      ['#6d5244', 540],
      ['#2f2622', 650],
    ].forEach(([colour, top], layer) => {
      pen.fillStyle = String(colour);
      pen.beginPath();
      pen.moveTo(0, 720);
      for (let x = 0; x <= 960; x += 20) pen.lineTo(x, Number(top) + Math.sin(x / (90 + layer * 30) + layer * 2) * 55);
      pen.lineTo(960, 720);
      pen.fill();
    });
  });

const document1: MessageFile = {
  name: '第三季度数据汇总 v3.xlsx',
  type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  size: 1_284_000,
  width: null,
  height: null,
  duration: null,
  url: 'https://example.org/a.xlsx',
  thumbnail: null,
  local: null,
};

const wang = (): readonly Line[] => [
  ['them', day + 320, '周末天气不错，要不要去爬山？'],
  ['them', day + 318, '', { files: [mountains()], body: '上次拍的，这条路最好走' }],
  [
    'me',
    day + 310,
    '太美了！去 🏔️ 叫上思远和 Bob 吧',
    {
      reactions: [
        { emoji: '🔥', by: ['wang@localhost'], mine: false },
        { emoji: '❤️', by: ['wang@localhost', me], mine: true },
      ],
    },
  ],
  [
    'them',
    day + 304,
    '我问过了，思远可以，Bob 周六要加班',
    { reply: { id: 'wang@localhost-2', reference: 'x', author: me, preview: '太美了！去 🏔️ 叫上思远和 Bob 吧' } },
  ],
  ['them', day + 304, '😂😂'],
  ['me', day + 298, '那就三个人，早上七点半地铁站 B 口见'],
  ['me', day + 297, '记得带水和防晒'],
  ['them', day + 292, '收到！'],
  ['them', 90, '对了，发布说明你写了吗？明天上午要用。'],
  [
    'them',
    87,
    '中文排版有几条我一直觉得重要：行高要按文字来定，汉字没有升部和降部，同样的数字看起来会更挤；正文一行大约四十个字，再长眼睛就找不到下一行的开头；还有，粗体只用来表示“未读”和“标题”，不要到处都是。',
  ],
  ['them', 86, '先按这个试，不行再改：\n```\nconst row = { height: 60, avatar: 44, font: 15 };\nrender(row);\n```'],
  ['me', 78, '写了一半，晚上给你', { edited: true }],
  ['me', 77, 'Draft is at the usual place 🙂 https://docs.example.org/release/2026-11?lang=zh#notes'],
  ['me', 76, '*重点* 是 _第二节_，`render(row)` 那段 ~先不用看~'],
  ['them', 70, '好，谢谢！'],
];

const talks = (): Readonly<Record<string, readonly Line[]>> => ({
  'wang@localhost': wang(),
  'chen@localhost': [
    ['me', 260, '上周的数据发我一份？'],
    ['them', 250, '', { files: [document1] }],
    ['them', 124, '记得看第三页的数据，和上周的不一样'],
    ['them', 123, '有空回我'],
  ],
  'bob@localhost': [
    ['me', 210, 'Could you review the retry logic before noon?'],
    ['them', 162, 'Sure, looking now. Two small comments so far, the rest reads well.'],
  ],
  'mama@localhost': [
    ['them', day + 60, '吃饭了吗'],
    ['them', day + 40, '天冷了多穿点'],
    ['them', day + 30, '周末回来吗'],
  ],
  'lin@localhost': [
    ['them', day + 400, '明天三点开会别忘了'],
    ['me', day + 380, '好的，明天见 👋', { state: 'delivered' }],
  ],
  'rust@localhost': [['them', day + 500, '第 512 期：异步闭包稳定之后的实践']],
  'emma@localhost': [['them', 2 * day, '', { files: [mountains()] }]],
  'kuaidi@localhost': [['them', 3 * day, '您的包裹已到达菜鸟驿站，取件码 3-2-8816，请及时领取。']],
  'release@localhost': [['them', 4 * day, 'v3.4.1 — bug fixes and faster startup']],
  'zhao@localhost': [['me', 5 * day, '文件发你邮箱了', { state: 'failed', error: 'too-large' }]],
  'ouyang@localhost': [['them', 9 * day, '', { recalled: true }]],
  'sun@localhost': [['me', 20 * day, '生日快乐 🎂']],
  'zhou@localhost': [['them', 40 * day, '作业周五前交']],
});

function message(jid: string, [who, minutes, body, more]: Line, at: number): Message {
  const mine = who === 'me';
  return {
    id: `${jid}-${at}`,
    conversation: jid,
    author: mine ? me : jid,
    mine,
    time: Date.now() - minutes * 60_000,
    body,
    files: [],
    reply: null,
    reactions: [],
    edited: false,
    recalled: false,
    forwarded: null,
    encrypted: false,
    state: mine ? 'read' : 'delivered',
    error: null,
    ...more,
  };
}

export function sampleTalks(): Record<string, readonly Message[]> {
  const entries = Object.entries(talks()).map(([jid, lines]) => [jid, lines.map((line, at) => message(jid, line, at))] as const);
  if (!scenes.many) return Object.fromEntries(entries);
  const extra = Array.from(
    { length: 2000 },
    (_, at) =>
      [
        `user${at}@localhost`,
        [message(`user${at}@localhost`, ['them', at + 200, `第 ${at} 条消息 ${Object.values(names)[at % 16]}`], 0)],
      ] as const,
  );
  const long = Array.from({ length: 10_000 }, (_, at) =>
    message(
      'bob@localhost',
      [
        at % 3 ? 'them' : 'me',
        20_000 - at,
        at % 5 ? `消息 ${at} message` : '这是一段比较长的话，用来看换行之后滚动是否平稳。'.repeat((at % 4) + 1),
      ],
      at,
    ),
  );
  return { ...Object.fromEntries([...entries, ...extra]), 'bob@localhost': long };
}
