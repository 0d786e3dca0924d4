import react from '@vitejs/plugin-react';
import { defineConfig, type ProxyOptions } from 'vite';

// For `npm run dev`: everything the cloud answers comes from the cloud named here.
const cloud = process.env['BRUME_URL'] ?? 'http://localhost:8080';
const proxied: ProxyOptions = { target: cloud, changeOrigin: true, ws: true };

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/v1': proxied, '/openapi.yaml': proxied } },
  build: {
    outDir: 'target/site',
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    // Nothing inlined: the content security policy names where a thing may come from.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    manifest: 'manifest.json',
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
} as Parameters<typeof defineConfig>[0]);
