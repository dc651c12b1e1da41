import type { Router } from 'express';

/** One method of one path, as OpenAPI writes paths: `/v1/months/{month}`. */
export interface RouteEntry {
  method: string;
  path: string;
}

/** What the router has under one concrete path. */
export interface RouteMatch {
  path: string;
  /** Upper case; `HEAD` comes with `GET`. */
  methods: string[];
}

/** The part of a router's stack that is read here; Express declares no types for it. */
interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  handle: unknown;
  /** The path that was given to `use` or to the route. */
  rawPath: unknown;
  match(path: string): false | { path: string };
}

/** Every route of the router and of the routers mounted in it. */
export function listRoutes(router: Router): RouteEntry[] {
  return layersOf(router).flatMap((layer) => {
    if (layer.route) {
      const path = layer.route.path;
      return methodsOf(layer.route).map((method) => ({ method, path: openApiPath(path) }));
    }
    if (!isRouter(layer.handle)) return [];
    const mount = typeof layer.rawPath === 'string' ? layer.rawPath : '';
    return listRoutes(layer.handle).map(({ method, path }) => ({
      method,
      path: join(openApiPath(mount), path),
    }));
  });
}

/** The routes that a path leads to, whatever the method; null when there are none. */
export function matchRoutes(router: Router, path: string): RouteMatch | null {
  const found: RouteMatch[] = layersOf(router).flatMap((layer) => {
    const match = matchLayer(layer, path);
    if (match === null) return [];
    if (layer.route) return [{ path: openApiPath(layer.route.path), methods: methodsOf(layer.route) }];
    if (!isRouter(layer.handle)) return [];
    const inner = matchRoutes(layer.handle, path.slice(match.length) || '/');
    const mount = typeof layer.rawPath === 'string' ? layer.rawPath : '';
    return inner === null ? [] : [{ ...inner, path: join(openApiPath(mount), inner.path) }];
  });
  const [first] = found;
  if (first === undefined) return null;
  const methods = new Set(found.flatMap((match) => match.methods));
  if (methods.has('GET')) methods.add('HEAD');
  return { path: first.path, methods: [...methods] };
}

function layersOf(router: Router): Layer[] {
  return router.stack as unknown as Layer[];
}

function isRouter(handle: unknown): handle is Router {
  return typeof handle === 'function' && 'stack' in handle && Array.isArray(handle.stack);
}

function matchLayer(layer: Layer, path: string): string | null {
  try {
    const match = layer.match(path);
    return match === false ? null : match.path;
  } catch {
    // A parameter that does not decode matches nothing here; the router itself answers 400 for it.
    return null;
  }
}

function methodsOf(route: { methods: Record<string, boolean> }): string[] {
  return Object.keys(route.methods).map((method) => method.toUpperCase());
}

function openApiPath(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

function join(mount: string, path: string): string {
  const prefix = mount === '/' ? '' : mount;
  return path === '/' ? prefix || '/' : `${prefix}${path}`;
}
