// Text fields with label, hint and error: one line, password with an eye, several lines, and the round search field.
import { createSignal, createUniqueId, onMount, Show, splitProps, type JSX } from 'solid-js';
import { IconButton } from './button';
import { ClearIcon, EyeIcon, EyeOffIcon, SearchIcon } from './icons';
import { uiText } from './ui-text';
import './field.css';

interface Labelled {
  readonly label: string;
  /** Below the field; replaced by the error. */
  readonly hint?: JSX.Element;
  readonly error?: string | undefined;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

export interface FieldProps extends Labelled, Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'value' | 'onInput' | 'id'> {
  /** Stands after the text, as the `@domain` of a name. */
  readonly suffix?: string | undefined;
}

function Frame(props: Labelled & { readonly id: string; readonly children: JSX.Element }): JSX.Element {
  return (
    <div class="ui-field">
      <label for={props.id}>{props.label}</label>
      <div class="ui-field-box" data-invalid={props.error ? '' : undefined}>
        {props.children}
      </div>
      <Show when={props.error ?? props.hint}>
        <p
          id={`${props.id}-note`}
          class="ui-field-note"
          data-error={props.error ? '' : undefined}
          role={props.error ? 'alert' : undefined}
        >
          {props.error ?? props.hint}
        </p>
      </Show>
    </div>
  );
}

const frameKeys = ['label', 'hint', 'error', 'value', 'onValue'] as const;

export function Field(props: FieldProps): JSX.Element {
  const [own, rest] = splitProps(props, [...frameKeys, 'suffix', 'type']);
  const id = createUniqueId();
  const [shown, show] = createSignal(false);
  const secret = () => own.type === 'password';
  let input: HTMLInputElement | undefined;
  // Browsers heed `autofocus` once per page; a finger would get the keyboard over the screen it has not seen yet.
  onMount(() => {
    if (rest.autofocus && matchMedia('(pointer: fine)').matches) input?.focus();
  });
  return (
    <Frame {...own} id={id}>
      <input
        ref={input}
        {...rest}
        id={id}
        type={secret() && shown() ? 'text' : (own.type ?? 'text')}
        value={own.value}
        aria-invalid={own.error ? true : undefined}
        aria-describedby={own.error || own.hint ? `${id}-note` : undefined}
        onInput={(event) => own.onValue(event.currentTarget.value)}
      />
      <Show when={own.suffix}>
        <span class="ui-field-suffix">{own.suffix}</span>
      </Show>
      <Show when={secret()}>
        <IconButton label={uiText(shown() ? 'hidePassword' : 'showPassword')} pressed={shown()} onClick={() => show(!shown())}>
          <Show when={shown()} fallback={<EyeIcon />}>
            <EyeOffIcon />
          </Show>
        </IconButton>
      </Show>
    </Frame>
  );
}

export interface TextAreaProps
  extends Labelled, Omit<JSX.TextareaHTMLAttributes<HTMLTextAreaElement>, 'value' | 'onInput' | 'id'> {}

export function TextArea(props: TextAreaProps): JSX.Element {
  const [own, rest] = splitProps(props, frameKeys);
  const id = createUniqueId();
  return (
    <Frame {...own} id={id}>
      <textarea
        rows="3"
        {...rest}
        id={id}
        value={own.value}
        aria-invalid={own.error ? true : undefined}
        aria-describedby={own.error || own.hint ? `${id}-note` : undefined}
        onInput={(event) => own.onValue(event.currentTarget.value)}
      />
    </Frame>
  );
}

export interface SearchFieldProps extends Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'value' | 'onInput'> {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** Its label is also its placeholder. Esc empties it first and only then leaves. */
export function SearchField(props: SearchFieldProps): JSX.Element {
  const [own, rest] = splitProps(props, ['label', 'value', 'onValue', 'class']);
  let input: HTMLInputElement | undefined;
  const clear = () => {
    own.onValue('');
    input?.focus();
  };
  return (
    <div class={`ui-search ${own.class ?? ''}`}>
      <SearchIcon size={18} />
      <input
        ref={input}
        type="search"
        autocomplete="off"
        spellcheck={false}
        enterkeyhint="search"
        {...rest}
        aria-label={own.label}
        placeholder={own.label}
        value={own.value}
        onInput={(event) => own.onValue(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && own.value && !event.isComposing) {
            event.stopPropagation();
            event.preventDefault();
            clear();
          }
        }}
      />
      <Show when={own.value}>
        <button type="button" class="ui-search-clear" aria-label={uiText('clear')} onClick={clear}>
          <ClearIcon size={18} />
        </button>
      </Show>
    </div>
  );
}
