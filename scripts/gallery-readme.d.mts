export function galleryReadme(markdown: string, root: string): string;
