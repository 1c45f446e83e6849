import { render } from 'preact';

render(<p>Cadenza</p>, document.getElementById('app')!);
