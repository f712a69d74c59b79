// SPDX-License-Identifier: Apache-2.0
// Areas of words that not everybody needs every day, in both languages; index.ts names those that it loads itself.

export const rare = {
  ru: {
    register: () => import('./ru/register'),
    campaigns: () => import('./ru/campaigns'),
    calls: () => import('./ru/calls'),
    audit: () => import('./ru/audit'),
    admin: () => import('./ru/admin'),
    routing: () => import('./ru/routing'),
    steward: () => import('./ru/steward'),
    privacy: () => import('./ru/privacy'),
    life: () => import('./ru/life'),
    sight: () => import('./ru/sight'),
    disputes: () => import('./ru/disputes'),
    family: () => import('./ru/family'),
    imports: () => import('./ru/imports'),
    transfer: () => import('./ru/transfer'),
    outages: () => import('./ru/outages'),
  },
  en: {
    register: () => import('./en/register'),
    campaigns: () => import('./en/campaigns'),
    calls: () => import('./en/calls'),
    audit: () => import('./en/audit'),
    admin: () => import('./en/admin'),
    routing: () => import('./en/routing'),
    steward: () => import('./en/steward'),
    privacy: () => import('./en/privacy'),
    life: () => import('./en/life'),
    sight: () => import('./en/sight'),
    disputes: () => import('./en/disputes'),
    family: () => import('./en/family'),
    imports: () => import('./en/imports'),
    transfer: () => import('./en/transfer'),
    outages: () => import('./en/outages'),
  },
};
