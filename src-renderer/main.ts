import { mount } from 'svelte';
import { createClient } from '#api/create-client';
import App from './App.svelte';
import './ui/base.css';

const target = document.getElementById('app');
if (target === null) throw new Error('main: the page has no element #app');
mount(App, { target, props: { client: createClient() } });
