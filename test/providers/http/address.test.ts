import { describe, expect, it } from 'vitest';
import type { AdvisorSettings } from '../../../src/domain/advice.ts';
import { addressOf, endpoint, isLoopback } from '../../../src/providers/http/address.ts';

const settings = (baseUrl: string | null, allowUnheld = false): AdvisorSettings => ({
  id: 'mine',
  provider: 'openai-compatible',
  model: null,
  effort: null,
  baseUrl,
  apiKeyEnv: null,
  binary: null,
  allowUnheld,
});

const address = (baseUrl: string | null, allowUnheld = false, vendors: string | null = null) => {
  const found = addressOf(settings(baseUrl, allowUnheld), vendors);
  return found instanceof URL ? found.href : found.reason;
};

describe('the address of an API', () => {
  it.each([
    ['https://api.example.com/v1'],
    ['http://localhost:11434/v1'],
    ['http://127.0.0.1:8000/v1'],
    ['http://127.9.9.9/v1'],
    ['http://[::1]:8000/v1'],
    ['http://model.localhost/v1'],
  ])('may be %s', (url) => {
    expect(address(url)).toBe(url);
  });

  it.each([
    ['http://api.example.com/v1', 'not_held'],
    ['http://192.168.1.5:11434/v1', 'not_held'],
    ['http://localhost.example.com/v1', 'not_held'],
    ['http://127.0.0.1.example.com/v1', 'not_held'],
    ['ftp://localhost/v1', 'not_installed'],
    ['file:///etc/passwd', 'not_installed'],
    ['localhost:11434', 'not_installed'],
    ['https://user:secret@api.example.com/v1', 'not_installed'],
    ['https://api.example.com/v1#x', 'not_installed'],
    ['', 'not_installed'],
  ])('may not be %s', (url, reason) => {
    expect(address(url)).toBe(reason);
  });

  it('may be plain http anywhere when the user allowed that advisor by name', () => {
    expect(address('http://192.168.1.5:11434/v1', true)).toBe('http://192.168.1.5:11434/v1');
    expect(address('ftp://192.168.1.5/v1', true)).toBe('not_installed');
  });

  it('is the vendor’s own unless another is configured', () => {
    expect(address(null, false, 'https://vendor.example/v1')).toBe('https://vendor.example/v1');
    expect(address('https://proxy.example/v1', false, 'https://vendor.example/v1')).toBe('https://proxy.example/v1');
    expect(address(null)).toBe('not_installed');
  });

  it('never shows the password that was put into it', () => {
    expect(JSON.stringify(addressOf(settings('https://user:secret@api.example.com'), null))).not.toContain('secret');
  });

  it('is this machine only for names that can be nothing else', () => {
    expect(isLoopback(new URL('http://LOCALHOST'))).toBe(true);
    expect(isLoopback(new URL('http://0.0.0.0'))).toBe(false);
    expect(isLoopback(new URL('http://evil-localhost'))).toBe(false);
  });

  it('is joined with a path whatever slash ends it, and keeps its query', () => {
    expect(endpoint(new URL('https://h/v1'), 'chat').href).toBe('https://h/v1/chat');
    expect(endpoint(new URL('https://h/v1//'), 'chat').href).toBe('https://h/v1/chat');
    expect(endpoint(new URL('https://h'), 'chat').href).toBe('https://h/chat');
    expect(endpoint(new URL('https://h/v1?version=2'), 'chat', { alt: 'sse' }).href).toBe(
      'https://h/v1/chat?version=2&alt=sse',
    );
    expect(endpoint(new URL('https://h/v1'), `models/${encodeURIComponent('a/b:c')}:go`).href).toBe(
      'https://h/v1/models/a%2Fb%3Ac:go',
    );
  });
});
