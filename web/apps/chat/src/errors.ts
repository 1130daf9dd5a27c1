// What every error of the SDK says to a person: what happened, and what to do. A code without words is a type error.
import { ClientError, type ErrorCode } from '@magpie/client';
import { dictionary, locale } from '@magpie/ui/text';
import { bytes } from '@magpie/ui/time';

const chinese = {
  offline: '没有网络。连上网络后会自动继续。',
  unreachable: '连不上服务器。请检查网络，或稍后再试。',
  timeout: '服务器没有及时回应。请再试一次。',
  'connection-lost': '连接中断了。请再试一次。',
  insecure: '这个连接不安全，没有发送密码。请改用 https 地址打开。',
  'server-shutdown': '服务器正在重启，马上回来。',
  'server-error': '服务器出错了，不是你的问题。请稍后再试，或告诉管理员。',
  'server-full': '服务器的磁盘满了，没有保存。请稍后再试，或告诉管理员。',
  incompatible: '这个服务器用的登录方式不受支持。请联系管理员。',
  'signed-out': '请先登录。',
  'wrong-credentials': '用户名或密码不对。请检查后重试。',
  'session-expired': '登录已过期，请重新输入密码。',
  'signed-out-elsewhere': '这台设备已在另一台设备上被移除，请重新登录。',
  'account-disabled': '这个账号已被管理员停用。如有疑问请联系管理员。',
  'account-deleted': '这个账号已被删除。',
  'too-many-attempts': '试错的次数太多了。请过几分钟再试。',
  'too-many-sessions': '同时在线的设备太多了。请先在其他设备上退出一个。',
  'name-taken': '这个用户名已经有人用了，换一个吧。',
  'name-invalid': '用户名可用字母、数字、点、横线和下划线，不能有空格。',
  'name-reserved': '这个用户名被保留了，换一个吧。',
  'password-refused': '这个密码太短或太简单。请用更长的密码。',
  'registration-closed': '这个服务器不开放注册。请向管理员要一个账号。',
  'invitation-required': '注册需要邀请。请让已有账号的人发一个邀请链接给你。',
  'invitation-invalid': '这个邀请已失效或已被使用。请让对方再发一个。',
  'not-found': '没有找到。可能已被删除，或地址写错了。',
  'not-allowed': '你没有权限这样做。',
  blocked: '你已屏蔽对方。先取消屏蔽才能继续。',
  refused: '对方不接受你的消息。',
  'rate-limited': '操作太快了。请稍等一会儿再试。',
  'quota-exceeded': '服务器上的空间已满。请删除一些内容，或联系管理员。',
  'too-large': '太大了，超出了服务器的限制。',
  unsupported: '这个服务器不支持这项功能。',
  'bad-request': '服务器没看懂这个请求。请更新页面后重试。',
  cancelled: '已取消。',
  'storage-failed': '这台设备存不下了，或浏览器不允许保存。请清理空间后再试。',
  unknown: '出了点问题。请再试一次。',
} as const satisfies Record<ErrorCode, string>;

const english: Record<ErrorCode, string> = {
  offline: 'No network. This continues by itself once you are back online.',
  unreachable: 'The server cannot be reached. Check your network or try again later.',
  timeout: 'The server did not answer in time. Please try again.',
  'connection-lost': 'The connection broke. Please try again.',
  insecure: 'This connection is not secure, so the password was not sent. Open the https address instead.',
  'server-shutdown': 'The server is restarting and will be right back.',
  'server-error': 'The server had a problem; it is not your fault. Try again later or tell the operator.',
  'server-full': 'The server’s disk is full, so this was not stored. Try again later or tell the operator.',
  incompatible: 'This server wants a way of logging in that is not supported. Ask its operator.',
  'signed-out': 'Please log in first.',
  'wrong-credentials': 'Wrong username or password. Check both and try again.',
  'session-expired': 'Your login has expired. Please enter your password again.',
  'signed-out-elsewhere': 'This device was signed out from another one. Please log in again.',
  'account-disabled': 'This account was disabled by the operator. Ask them if you think this is a mistake.',
  'account-deleted': 'This account was deleted.',
  'too-many-attempts': 'Too many wrong tries. Please wait a few minutes.',
  'too-many-sessions': 'Too many devices are online. Log out on one of them first.',
  'name-taken': 'This username is taken. Try another one.',
  'name-invalid': 'A username has letters, digits, dots, hyphens and underscores, and no spaces.',
  'name-reserved': 'This username is reserved. Try another one.',
  'password-refused': 'This password is too short or too simple. Use a longer one.',
  'registration-closed': 'This server does not take new accounts. Ask the operator for one.',
  'invitation-required': 'You need an invitation. Ask somebody with an account to send you a link.',
  'invitation-invalid': 'This invitation has expired or was used. Ask for a new one.',
  'not-found': 'Nothing found. It may be deleted, or the address is wrong.',
  'not-allowed': 'You are not allowed to do that.',
  blocked: 'You have blocked this person. Unblock them first.',
  refused: 'This person does not take messages from you.',
  'rate-limited': 'That was too fast. Wait a moment and try again.',
  'quota-exceeded': 'Your space on the server is full. Delete something or ask the operator.',
  'too-large': 'This is larger than the server takes.',
  unsupported: 'This server does not support that.',
  'bad-request': 'The server did not understand this. Reload the page and try again.',
  cancelled: 'Cancelled.',
  'storage-failed': 'This device is full, or the browser does not let us store anything. Make room and try again.',
  unknown: 'Something went wrong. Please try again.',
};

const t = dictionary<Record<ErrorCode, string>>(chinese, english);

export function codeOf(error: unknown): ErrorCode {
  return error instanceof ClientError ? error.code : 'unknown';
}

/** Codes whose words leave the reason open: there the server's own help. */
const open: ReadonlySet<ErrorCode> = new Set([
  'server-error',
  'account-disabled',
  'password-refused',
  'registration-closed',
  'not-allowed',
  'refused',
  'bad-request',
  'unknown',
]);

/** The words for a code, or for whatever a promise of the SDK rejected with. The server's own words follow where there are any. */
export function errorText(error: unknown): string {
  if (!(error instanceof ClientError)) return t('unknown');
  const { limit, serverText } = error.details;
  const size = limit === undefined ? '' : locale() === 'zh-CN' ? `上限 ${bytes(limit)}。` : ` The limit is ${bytes(limit)}.`;
  return t(error.code) + size + (serverText && open.has(error.code) ? ` (${serverText})` : '');
}

export const codeText = (code: ErrorCode): string => t(code);
