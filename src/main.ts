import { mount } from 'svelte'
import { registerServiceWorker } from './offline/register'
import App from './ui/App.svelte'

const target = document.getElementById('app')
if (target === null) throw new Error("index.html has no element 'app' to mount the page in.")
mount(App, { target })
void registerServiceWorker()
