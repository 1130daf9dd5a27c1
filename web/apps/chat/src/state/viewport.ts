// Whether one column is shown at a time (below 768 px), as a signal.
import { createSignal } from 'solid-js';

const query = matchMedia('(max-width: 767px)');
const [narrow, setNarrow] = createSignal(query.matches);
query.addEventListener('change', (event) => setNarrow(event.matches));

export { narrow };
