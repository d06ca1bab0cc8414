/** Where the VS Code under test lies; `npm run test:host` says so in these variables. */
export interface HostEnvironment {
  /** Folder of the VS Code server. */
  readonly server: string;
  /** The Node.js that it runs on, and its extension host. */
  readonly node: string;
  /** The browser's executable. */
  readonly chromium: string;
}

/** @throws Error when a variable is missing. */
export function hostEnvironment(): HostEnvironment {
  return {
    server: required('ONEFLOW_HOST_SERVER'),
    node: required('ONEFLOW_HOST_NODE'),
    chromium: required('CHROME_PATH'),
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: use npm run test:host.`);
  return value;
}
