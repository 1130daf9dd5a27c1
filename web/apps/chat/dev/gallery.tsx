// Every component of the design system, side by side in both themes. `/dev/gallery.html?lang=en` shows English.
import '@magpie/ui';
import * as ui from '@magpie/ui';
import { render } from '@magpie/ui/dom';
import { setLocale, type IconComponent } from '@magpie/ui';
import { Confirm, Dialog } from '@magpie/ui/dialog';
import { menuGestures } from '@magpie/ui/gestures';
import { ContextMenu, Menu, type MenuItems, type Place } from '@magpie/ui/menu';
import { Popover } from '@magpie/ui/popover';
import { Tabs } from '@magpie/ui/tabs';
import { Tooltip } from '@magpie/ui/tooltip';
import { createSignal, For, type JSX } from 'solid-js';
import './gallery.css';

const icons = Object.entries(ui).filter(([name]) => name.endsWith('Icon')) as [string, IconComponent][];
const items: MenuItems = [
  { label: '回复', icon: ui.ReplyIcon, onSelect: () => undefined },
  { label: '复制', icon: ui.CopyIcon, keys: 'Ctrl C', onSelect: () => undefined },
  { label: '转发', icon: ui.ForwardIcon, disabled: true, onSelect: () => undefined },
  undefined,
  { label: '删除', icon: ui.TrashIcon, danger: true, onSelect: () => undefined },
];
const people = ['王小明', '陈思远', 'Bob Martin', '妈妈', '林晓雨', '欧阳娜娜', 'Rust 中文周报', 'alice'];

function Part(props: { readonly name: string; readonly children: JSX.Element }): JSX.Element {
  return (
    <section class="gallery-part">
      <h2>{props.name}</h2>
      <div>{props.children}</div>
    </section>
  );
}

function Inputs(): JSX.Element {
  const [text, setText] = createSignal('王小明');
  const [on, setOn] = createSignal(true);
  const [theme, setTheme] = createSignal<'light' | 'dark' | 'system'>('system');
  return (
    <>
      <Part name="Field">
        <ui.Field label="昵称" hint="朋友看到的名字，随时可以改。" value={text()} onValue={setText} />
        <ui.Field
          label="用户名"
          suffix="@localhost"
          value="wang"
          error="这个用户名已经有人用了，换一个吧。"
          onValue={() => undefined}
        />
        <ui.Field label="密码" type="password" value="secret12" onValue={() => undefined} />
        <ui.Field label="Empty" placeholder="占位文字 placeholder" value="" onValue={() => undefined} />
        <ui.TextArea label="附言" value="你好，我是上周徒步认识的高翔。" onValue={() => undefined} />
        <ui.SearchField label="搜索" value={text()} onValue={setText} />
      </Part>
      <Part name="Switch, Segmented">
        <ui.Switch label="on" checked={on()} onChange={setOn} />
        <ui.Switch label="off" checked={!on()} onChange={(value) => setOn(!value)} />
        <ui.Switch label="disabled" checked disabled onChange={() => undefined} />
        <ui.Segmented
          label="主题"
          value={theme()}
          onChange={setTheme}
          options={[
            { value: 'light', label: '浅色' },
            { value: 'dark', label: '深色' },
            { value: 'system', label: '跟随系统' },
          ]}
        />
      </Part>
    </>
  );
}

function Layers(): JSX.Element {
  const [dialog, setDialog] = createSignal(false);
  const [confirm, setConfirm] = createSignal(false);
  const [popover, setPopover] = createSignal(false);
  const [place, setPlace] = createSignal<Place>();
  const [tab, setTab] = createSignal<'media' | 'files'>('media');
  return (
    <>
      <Part name="Dialog, Menu, Popover, Tooltip, Toast">
        <ui.Button onClick={() => setDialog(true)}>Dialog</ui.Button>
        <ui.Button onClick={() => setConfirm(true)}>Confirm</ui.Button>
        <ui.Button onClick={() => ui.toast('已复制', { action: { label: '撤销', run: () => undefined } })}>Toast</ui.Button>
        <ui.Button onClick={() => ui.toast('发送失败，请重试。', { kind: 'danger' })}>Toast!</ui.Button>
        <Menu label="更多" icon={<ui.MoreIcon />} items={items} />
        <Popover label="表情" icon={<ui.SmileIcon />} open={popover()} onOpenChange={setPopover}>
          <p class="gallery-pop">Popover</p>
        </Popover>
        <Tooltip text="搜索 Ctrl F">
          <ui.IconButton label="搜索">
            <ui.SearchIcon />
          </ui.IconButton>
        </Tooltip>
        <div class="gallery-target" tabindex="0" {...menuGestures((at) => setPlace(at))}>
          右键、长按或菜单键
        </div>
        <ContextMenu
          at={place()}
          label="消息"
          items={items}
          header={
            <For each={['👍', '❤️', '😂', '🎉', '😮', '😢']}>
              {(emoji) => (
                <button type="button" class="gallery-emoji">
                  {emoji}
                </button>
              )}
            </For>
          }
          onClose={() => setPlace(undefined)}
        />
        <Dialog
          open={dialog()}
          onClose={() => setDialog(false)}
          title="修改备注"
          actions={
            <ui.Button kind="primary" onClick={() => setDialog(false)}>
              保存
            </ui.Button>
          }
        >
          <ui.Field label="备注" value="小明" onValue={() => undefined} autofocus />
        </Dialog>
        <Confirm
          open={confirm()}
          onClose={() => setConfirm(false)}
          title="删除账号？"
          text="账号、联系人和聊天记录都会从服务器上删除，无法恢复。"
          action="删除"
          danger
          onConfirm={() => undefined}
        />
      </Part>
      <Part name="Tabs">
        <Tabs
          label="内容"
          value={tab()}
          onChange={setTab}
          tabs={[
            { value: 'media', label: '图片', panel: () => <p class="gallery-pop">图片</p> },
            { value: 'files', label: '文件', panel: () => <p class="gallery-pop">文件</p> },
          ]}
        />
      </Part>
    </>
  );
}

function Shown(): JSX.Element {
  return (
    <>
      <Part name="Button">
        <ui.Button kind="primary">登录</ui.Button>
        <ui.Button>取消</ui.Button>
        <ui.Button kind="quiet">跳过</ui.Button>
        <ui.Button kind="danger">删除</ui.Button>
        <ui.Button kind="primary" busy>
          登录
        </ui.Button>
        <ui.Button disabled>不可用</ui.Button>
        <ui.IconButton label="搜索">
          <ui.SearchIcon />
        </ui.IconButton>
        <ui.IconButton label="发送" kind="accent">
          <ui.SendIcon />
        </ui.IconButton>
        <ui.IconButton label="静音" pressed>
          <ui.MuteIcon />
        </ui.IconButton>
      </Part>
      <Part name="Avatar">
        <For each={people}>
          {(name, at) => (
            <ui.Avatar name={name} seed={`${name}@x`} presence={(['online', 'away', 'busy', 'offline'] as const)[at() % 4]} />
          )}
        </For>
        <ui.Avatar name="王小明" seed="w" size={96} presence="online" />
        <ui.Avatar name="Bob Martin" seed="b" size={64} />
        <ui.Avatar name="林晓雨" seed="l" size={32} />
        <ui.Avatar name="妈妈" seed="m" size={24} />
      </Part>
      <Part name="Badge, Spinner">
        <ui.Badge count={3} />
        <ui.Badge count={128} />
        <ui.Badge count={7} quiet />
        <ui.Badge />
        <ui.Badge quiet />
        <ui.Spinner />
      </Part>
      <Part name="Banner">
        <ui.Banner>正在连接…</ui.Banner>
        <ui.Banner kind="warning" action={<ui.Button kind="quiet">立即重试</ui.Button>}>
          连不上服务器，12 秒后重试
        </ui.Banner>
        <ui.Banner kind="danger">用户名或密码不对。请检查后重试。</ui.Banner>
        <ui.Banner kind="success">密码已修改</ui.Banner>
      </Part>
      <Part name="ListRow">
        <ui.ListRow href="#a" selected start={<ui.PaletteIcon />} title="外观与语言" />
        <ui.ListRow href="#b" start={<ui.BellIcon />} title="通知与声音" end={<ui.RightIcon size={16} />} />
        <ui.ListRow start={<ui.Avatar name="王小明" seed="w" />} title="王小明" text="好，谢谢！" end="02:15" />
        <ui.ListRow danger onClick={() => undefined} start={<ui.TrashIcon />} title="删除账号" />
      </Part>
      <Part name="EmptyState">
        <ui.EmptyState
          icon={<ui.ChatIcon size={28} />}
          title="还没有聊天"
          text="把邀请链接发给朋友，或按用户名添加联系人，就可以开始聊天。"
        >
          <ui.Button kind="primary">添加联系人</ui.Button>
        </ui.EmptyState>
      </Part>
      <Part name="Icons">
        <For each={icons}>
          {([name, Icon]) => (
            <span class="gallery-icon" title={name}>
              <Icon size={24} />
            </span>
          )}
        </For>
      </Part>
      <Part name="Type">
        <p class="gallery-type">
          22/30 标题 Headline
          <br />
          <b>17/24 小标题 Title</b>
          <br />
          15/22 正文：行高要按文字来定，中英文 mixed line 不会改变高度。
          <br />
          <small>13/18 预览 Preview 次要文字</small>
        </p>
      </Part>
    </>
  );
}

setLocale(new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'zh-CN');
document.documentElement.dataset.theme = 'light';
render(
  () => (
    <>
      <div class="gallery">
        <For each={['light', 'dark'] as const}>
          {(theme) => (
            <main data-theme={theme} aria-label={theme}>
              <h1>{theme}</h1>
              <Shown />
              <Inputs />
              <Layers />
            </main>
          )}
        </For>
      </div>
      <ui.ToastRegion />
    </>
  ),
  document.body,
);
