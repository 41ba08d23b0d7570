import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { i18n } from './i18n/i18n.svelte';

await i18n.start();

const target = document.querySelector('#app');
if (!target) throw new Error('index.html has no #app');
mount(App, { target });
