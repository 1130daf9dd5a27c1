// Our icons: one stroke path each on a 24-unit grid, drawn with the text's colour. Decoration only: labels are on the buttons.
import type { JSX } from 'solid-js';

export interface IconProps {
  /** Pixels; default 20. */
  readonly size?: number;
  readonly class?: string | undefined;
}

export type IconComponent = (props: IconProps) => JSX.Element;

function icon(path: string): IconComponent {
  return (props) => (
    <svg
      class={`ui-icon ${props.class ?? ''}`}
      width={props.size ?? 20}
      height={props.size ?? 20}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}

export const ChatIcon = icon('M4 18.5V7a3 3 0 0 1 3-3h10a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3H8.5L4 20.5zM8.5 9h7M8.5 12.5h4.5');
export const PeopleIcon = icon(
  'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.6-3 3.2-5 6.5-5s5.9 2 6.5 5M16 4.9a3.3 3.3 0 0 1 0 6.3M18 15c1.9.8 3.2 2.4 3.5 4.5',
);
export const SettingsIcon = icon(
  'M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
);
export const SearchIcon = icon('M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20');
export const PlusIcon = icon('M12 5v14M5 12h14');
export const ComposeIcon = icon(
  'M11 5H7a3 3 0 0 0-3 3v9a3 3 0 0 0 3 3h9a3 3 0 0 0 3-3v-4M9.5 14.5l.7-3.2 7.6-7.6a1.7 1.7 0 0 1 2.5 2.5l-7.6 7.6z',
);
export const BackIcon = icon('M10.5 5.5 4 12l6.5 6.5M4.5 12H20');
export const CloseIcon = icon('M6 6l12 12M18 6 6 18');
export const ClearIcon = icon('M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.2 9.2l5.6 5.6M14.8 9.2l-5.6 5.6');
export const MoreIcon = icon(
  'M12 5.9a.4.4 0 1 0 0-.8.4.4 0 0 0 0 .8zM12 12.4a.4.4 0 1 0 0-.8.4.4 0 0 0 0 .8zM12 18.9a.4.4 0 1 0 0-.8.4.4 0 0 0 0 .8z',
);
export const CheckIcon = icon('M5 12.5l4.5 4.5L19 7.5');
export const DoubleCheckIcon = icon('M2.5 12.5 7 17l9.5-9.5M12.5 16l1 1L23 7.5');
export const ClockIcon = icon('M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.5V12l3 2');
export const AlertIcon = icon('M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.5v5.5M12 16.3v.01');
export const InfoIcon = icon('M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.7v.01');
export const HelpIcon = icon(
  'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.8M12 16.5v.01',
);
export const SendIcon = icon('M4.5 12 3.8 5.3a.9.9 0 0 1 1.3-.9l15 6.8a.9.9 0 0 1 0 1.6l-15 6.8a.9.9 0 0 1-1.3-.9zM4.5 12H12');
export const AttachIcon = icon(
  'M19.5 11.5l-7.8 7.8a5 5 0 0 1-7-7l8.3-8.3a3.3 3.3 0 0 1 4.7 4.7l-8.3 8.3a1.7 1.7 0 0 1-2.4-2.4l7.3-7.3',
);
export const SmileIcon = icon(
  'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5c.8 1.2 2 1.8 3.5 1.8s2.7-.6 3.5-1.8M9 9.5v.01M15 9.5v.01',
);
export const ImageIcon = icon(
  'M7 4h10a3 3 0 0 1 3 3v10a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3zM4.5 17l4.3-4.3a1.5 1.5 0 0 1 2.1 0L17.5 19.5M14 14.5l1.2-1.2a1.5 1.5 0 0 1 2.1 0L20 16M15.5 8.5v.01',
);
export const FileIcon = icon('M13 3H8a3 3 0 0 0-3 3v12a3 3 0 0 0 3 3h8a3 3 0 0 0 3-3V9zM13 3v4a2 2 0 0 0 2 2h4');
export const VideoIcon = icon(
  'M6 6h6.5a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V9a3 3 0 0 1 3-3zM15.5 10.5 20 8a.7.7 0 0 1 1 .6v6.8a.7.7 0 0 1-1 .6l-4.5-2.5',
);
export const MicIcon = icon('M12 14.5a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3');
export const PlayIcon = icon('M7.5 5.3v13.4a.8.8 0 0 0 1.2.7l10.5-6.7a.8.8 0 0 0 0-1.4L8.7 4.6a.8.8 0 0 0-1.2.7z');
export const PauseIcon = icon('M8 5v14M16 5v14');
export const DownloadIcon = icon('M12 4v11M7.5 10.5 12 15l4.5-4.5M5 19.5h14');
export const TrashIcon = icon(
  'M4.5 6.5h15M9 6.5V5a1.5 1.5 0 0 1 1.5-1.5h3A1.5 1.5 0 0 1 15 5v1.5M6.5 6.5l.8 11.2a2 2 0 0 0 2 1.8h5.4a2 2 0 0 0 2-1.8l.8-11.2M10 10.5v5M14 10.5v5',
);
export const EditIcon = icon('M5 19l.9-4L16.3 4.6a2 2 0 0 1 2.9 0l.2.2a2 2 0 0 1 0 2.9L9 18.1zM14.5 6.5l3 3');
export const ReplyIcon = icon('M9.5 5.5 4 11l5.5 5.5M4.5 11H14a6 6 0 0 1 6 6v1.5');
export const ForwardIcon = icon('M14.5 5.5 20 11l-5.5 5.5M19.5 11H10a6 6 0 0 0-6 6v1.5');
export const RecallIcon = icon('M4.5 9.5h9.8a5 5 0 0 1 0 10H9M8.5 5.5l-4 4 4 4');
export const CopyIcon = icon(
  'M10.5 8.5h6.5a2.5 2.5 0 0 1 2.5 2.5v6.5a2.5 2.5 0 0 1-2.5 2.5h-6.5A2.5 2.5 0 0 1 8 17.5V11a2.5 2.5 0 0 1 2.5-2.5zM5.5 15.5A2 2 0 0 1 4.5 14V7a2.5 2.5 0 0 1 2.5-2.5h7a2 2 0 0 1 1.5 1',
);
export const PinIcon = icon('M14.5 3.5l6 6-2.2.5-3.8 3.8-.3 4.2-2-.3L6 11.5l-.2-2 4.2-.3L13.8 5.4zM9 15l-5 5');
export const BellIcon = icon('M6 10a6 6 0 0 1 12 0c0 4.5 1.5 6 2 6.5H4c.5-.5 2-2 2-6.5zM10 19.5a2.2 2.2 0 0 0 4 0');
export const MuteIcon = icon(
  'M8 5.5A6 6 0 0 1 18 10c0 1.5.2 2.7.4 3.6M16.5 16.5H4c.5-.5 2-2 2-6.5 0-.7.1-1.4.3-2M10 19.5a2.2 2.2 0 0 0 4 0M4 3.5l16 16',
);
export const LockIcon = icon(
  'M7.5 10.5h9A2.5 2.5 0 0 1 19 13v5a2.5 2.5 0 0 1-2.5 2.5h-9A2.5 2.5 0 0 1 5 18v-5a2.5 2.5 0 0 1 2.5-2.5zM8 10.5V7.5a4 4 0 0 1 8 0v3',
);
export const ShieldIcon = icon('M12 3.5l7 2.5v5.5c0 4.3-2.8 7.5-7 9-4.2-1.5-7-4.7-7-9V6zM9 12l2.2 2.2L15.2 10');
export const DeviceIcon = icon('M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM8.5 20.5h7M12 17v3.5');
export const PhoneIcon = icon(
  'M9 3h6a2.5 2.5 0 0 1 2.5 2.5v13A2.5 2.5 0 0 1 15 21H9a2.5 2.5 0 0 1-2.5-2.5v-13A2.5 2.5 0 0 1 9 3zM11 18h2',
);
export const GlobeIcon = icon(
  'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3.5 12h17M12 3c2.5 2.6 3.7 5.6 3.7 9s-1.2 6.4-3.7 9c-2.5-2.6-3.7-5.6-3.7-9S9.5 5.6 12 3z',
);
export const PaletteIcon = icon(
  'M12 3.5a8.5 8.5 0 1 0 0 17c1.4 0 1.9-.9 1.5-2-.5-1.3 0-2.5 1.5-2.5h2.5c1.9 0 3-1.5 3-3.5 0-5-3.8-9-8.5-9zM8 12.5v.01M9.5 8.5v.01M14.5 8.5v.01',
);
export const StorageIcon = icon(
  'M12 9.5c4.1 0 7.5-1.3 7.5-3S16.1 3.5 12 3.5 4.5 4.8 4.5 6.5s3.4 3 7.5 3zM4.5 6.5v11c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3v-11M4.5 12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3',
);
export const UserIcon = icon('M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-3.5 3.6-5.5 7.5-5.5s6.9 2 7.5 5.5');
export const AddUserIcon = icon(
  'M10 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3.5 19.5c.6-3 3.2-5 6.5-5s5.9 2 6.5 5M19 7.5v6M16 10.5h6',
);
export const QrIcon = icon(
  'M4.5 4.5h5v5h-5zM14.5 4.5h5v5h-5zM4.5 14.5h5v5h-5zM14.5 14.5h1.5v1.5h-1.5zM19.5 14.5v.01M17.5 19.5h-3v-1M19.5 17.5v2',
);
export const ScanIcon = icon('M4 8.5V6a2 2 0 0 1 2-2h2.5M15.5 4H18a2 2 0 0 1 2 2v2.5M20 15.5V18a2 2 0 0 1-2 2h-2.5M8.5 20H6a2 2 0 0 1-2-2v-2.5M4 12h16');
export const LinkIcon = icon('M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1');
export const LogoutIcon = icon('M10 4.5H7.5a3 3 0 0 0-3 3v9a3 3 0 0 0 3 3H10M15 8l4 4-4 4M19 12h-9');
export const KeyIcon = icon('M8.5 19.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM11.3 12.7l8.2-8.2M16 8l3 3');
export const EyeIcon = icon(
  'M2.5 12c2-4 5.3-6 9.5-6s7.5 2 9.5 6c-2 4-5.3 6-9.5 6s-7.5-2-9.5-6zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
);
export const EyeOffIcon = icon(
  'M10 6.2c.7-.1 1.3-.2 2-.2 4.2 0 7.5 2 9.5 6a13 13 0 0 1-2.5 3.4M15.5 17.3c-1.1.5-2.2.7-3.5.7-4.2 0-7.5-2-9.5-6 .9-1.7 2-3.1 3.5-4.2M10 10a3 3 0 0 0 4 4M4 4l16 16',
);
export const RightIcon = icon('M9.5 5.5 16 12l-6.5 6.5');
export const DownIcon = icon('M5.5 9.5 12 16l6.5-6.5');
export const UpIcon = icon('M5.5 14.5 12 8l6.5 6.5');
export const ArrowDownIcon = icon('M12 5v14M5.5 12.5 12 19l6.5-6.5');
export const BlockIcon = icon('M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.7 5.7l12.6 12.6');
export const TagIcon = icon('M4.5 4.5h7l8.3 8.3a1.7 1.7 0 0 1 0 2.4l-4.6 4.6a1.7 1.7 0 0 1-2.4 0L4.5 11.5zM8.5 8.5v.01');
export const HideIcon = icon('M4.5 5h15v4h-15zM6 9v8.5A2 2 0 0 0 8 19.5h8a2 2 0 0 0 2-2V9M10 13h4');
export const UnreadIcon = icon(
  'M19.5 11v6a3 3 0 0 1-3 3h-9a3 3 0 0 1-3-3V8a3 3 0 0 1 3-3h6M18.5 7.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
);
export const RefreshIcon = icon('M19.5 12a7.5 7.5 0 1 1-2.3-5.4L19.5 9M19.5 4.5V9H15');
export const OfflineIcon = icon(
  'M3 9a13 13 0 0 1 5-3M12 5c3.5 0 6.5 1.4 9 4M6.5 13c.8-.8 1.7-1.4 2.7-1.8M14.5 11.1c1.1.4 2.1 1 3 1.9M10 16.6a3 3 0 0 1 4 0M12 19.5v.01M4 4l16 16',
);
export const SoundIcon = icon('M4.5 9.5v5H8l4.5 4v-13L8 9.5zM16 9a4.2 4.2 0 0 1 0 6M18.5 6.5a7.7 7.7 0 0 1 0 11');
export const SunIcon = icon(
  'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M18.4 5.6l-1.1 1.1M6.7 17.3l-1.1 1.1',
);
export const MoonIcon = icon('M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z');
export const SelectIcon = icon('M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.3l2.8 2.8L16 9.5');
export const KeyboardIcon = icon(
  'M5 6h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2zM7 10v.01M10.5 10v.01M14 10v.01M17 10v.01M8.5 14.5h7',
);
