// The few words that components say by themselves.
import { dictionary } from './text';

export const uiText = dictionary(
  {
    close: '关闭',
    clear: '清除',
    cancel: '取消',
    back: '返回',
    showPassword: '显示密码',
    hidePassword: '隐藏密码',
    loading: '正在加载',
    online: '在线',
    away: '离开',
    busy: '忙碌',
    unread: (count: number) => `${count} 条未读`,
    notifications: '提示',
  },
  {
    close: 'Close',
    clear: 'Clear',
    cancel: 'Cancel',
    back: 'Back',
    showPassword: 'Show password',
    hidePassword: 'Hide password',
    loading: 'Loading',
    online: 'Online',
    away: 'Away',
    busy: 'Busy',
    unread: (count: number) => `${count} unread`,
    notifications: 'Notices',
  },
);
