var hn,
  O,
  _o,
  Pr,
  He,
  vo,
  ko,
  Eo,
  Rr,
  on,
  Nt,
  So,
  Lr,
  Ir,
  Nr,
  bh,
  ln = {},
  un = [],
  wh = /acit|ex(?:s|g|n|p|$)|rph|grid|ows|mnc|ntw|ine[ch]|zoo|^ord|itera/i,
  fn = Array.isArray;
function Pe(n, e) {
  for (var t in e) n[t] = e[t];
  return n;
}
function Ur(n) {
  n && n.parentNode && n.parentNode.removeChild(n);
}
function $r(n, e, t) {
  var s, r, i, o = {};
  for (i in e) i == "key" ? s = e[i] : i == "ref" ? r = e[i] : o[i] = e[i];
  if (
    arguments.length > 2 &&
    (o.children = arguments.length > 3 ? hn.call(arguments, 2) : t),
      typeof n == "function" && n.defaultProps != null
  ) { for (i in n.defaultProps) o[i] === void 0 && (o[i] = n.defaultProps[i]); }
  return an(n, o, s, r, null);
}
function an(n, e, t, s, r) {
  var i = {
    type: n,
    props: e,
    key: t,
    ref: s,
    __k: null,
    __: null,
    __b: 0,
    __e: null,
    __c: null,
    constructor: void 0,
    __v: r ?? ++_o,
    __i: -1,
    __u: 0,
  };
  return r == null && O.vnode != null && O.vnode(i), i;
}
function E(n) {
  return n.children;
}
function lt(n, e) {
  this.props = n, this.context = e;
}
function Ke(n, e) {
  if (e == null) return n.__ ? Ke(n.__, n.__i + 1) : null;
  for (var t; e < n.__k.length; e++) {
    if ((t = n.__k[e]) != null && t.__e != null) return t.__e;
  }
  return typeof n.type == "function" ? Ke(n) : null;
}
function xh(n) {
  if (n.__P && n.__d) {
    var e = n.__v, t = e.__e, s = [], r = [], i = Pe({}, e);
    i.__v = e.__v + 1,
      O.vnode && O.vnode(i),
      Br(
        n.__P,
        i,
        e,
        n.__n,
        n.__P.namespaceURI,
        32 & e.__u ? [t] : null,
        s,
        t ?? Ke(e),
        !!(32 & e.__u),
        r,
      ),
      i.__v = e.__v,
      i.__.__k[i.__i] = i,
      Fo(s, i, r),
      e.__e = e.__ = null,
      i.__e != t && Ao(i);
  }
}
function Ao(n) {
  if ((n = n.__) != null && n.__c != null) {
    return n.__e = n.__c.base = null,
      n.__k.some(function (e) {
        if (e != null && e.__e != null) return n.__e = n.__c.base = e.__e;
      }),
      Ao(n);
  }
}
function bo(n) {
  (!n.__d && (n.__d = !0) && He.push(n) && !cn.__r++ ||
    vo != O.debounceRendering) && ((vo = O.debounceRendering) || ko)(cn);
}
function cn() {
  try {
    for (var n, e = 1; He.length;) {
      He.length > e && He.sort(Eo), n = He.shift(), e = He.length, xh(n);
    }
  } finally {
    He.length = cn.__r = 0;
  }
}
function Mo(n, e, t, s, r, i, o, l, u, c, h) {
  var m, p, y, k, D, w, F = s && s.__k || un, S = e.length;
  for (u = _h(t, e, F, u, S), m = 0; m < S; m++) {
    (y = t.__k[m]) != null &&
      (p = y.__i != -1 && F[y.__i] || ln,
        y.__i = m,
        w = Br(n, y, p, r, i, o, l, u, c, h),
        k = y.__e,
        y.ref && p.ref != y.ref &&
        (p.ref && jr(p.ref, null, y), h.push(y.ref, y.__c || k, y)),
        D == null && k != null && (D = k),
        4 & y.__u
          ? (u = Oo(y, u, n), p.__e && (p.__e = null))
          : typeof y.type == "function" && w !== void 0
          ? u = w
          : k && (u = k.nextSibling),
        y.__u &= -7);
  }
  return t.__e = D, u;
}
function _h(n, e, t, s, r) {
  var i, o, l, u, c, h = t.length, m = h, p = 0;
  for (n.__k = new Array(r), i = 0; i < r; i++) {
    (o = e[i]) != null && typeof o != "boolean" && typeof o != "function"
      ? (typeof o == "string" || typeof o == "number" || typeof o == "bigint" ||
          o.constructor == String
        ? o = n.__k[i] = an(null, o, null, null, null)
        : fn(o)
        ? o = n.__k[i] = an(E, { children: o }, null, null, null)
        : o.constructor === void 0 && o.__b > 0
        ? o = n.__k[i] = an(o.type, o.props, o.key, o.ref ? o.ref : null, o.__v)
        : n.__k[i] = o,
        u = i + p,
        o.__ = n,
        o.__b = n.__b + 1,
        l = null,
        (c = o.__i = kh(o, t, u, m)) != -1 && (m--, (l = t[c]) && (l.__u |= 2)),
        l == null || l.__v == null
          ? (c == -1 && (r > h ? p-- : r < h && p++),
            typeof o.type != "function" && (o.__u |= 4))
          : c != u &&
            (c == u - 1
              ? p--
              : c == u + 1
              ? p++
              : (c > u ? p-- : p++, o.__u |= 4)))
      : n.__k[i] = null;
  }
  if (m) {
    for (i = 0; i < h; i++) {
      (l = t[i]) != null && (2 & l.__u) == 0 &&
        (l.__e == s && (s = Ke(l)), Do(l, l));
    }
  }
  return s;
}
function Oo(n, e, t) {
  var s, r;
  if (typeof n.type == "function") {
    for (s = n.__k, r = 0; s && r < s.length; r++) {
      s[r] && (s[r].__ = n, e = Oo(s[r], e, t));
    }
    return e;
  }
  n.__e != e &&
    (e && n.type && !e.parentNode && (e = Ke(n)),
      e = t.insertBefore(n.__e, e || null));
  do e = e && e.nextSibling; while (e != null && e.nodeType == 8);
  return e;
}
function kh(n, e, t, s) {
  var r,
    i,
    o,
    l = n.key,
    u = n.type,
    c = e[t],
    h = c != null && (2 & c.__u) == 0;
  if (c === null && l == null || h && l == c.key && u == c.type) return t;
  if (s > (h ? 1 : 0)) {
    for (r = t - 1, i = t + 1; r >= 0 || i < e.length;) {
      if (
        (c = e[o = r >= 0 ? r-- : i++]) != null && (2 & c.__u) == 0 &&
        l == c.key && u == c.type
      ) return o;
    }
  }
  return -1;
}
function wo(n, e, t) {
  e[0] == "-"
    ? n.setProperty(e, t ?? "")
    : n[e] = t == null ? "" : typeof t != "number" || wh.test(e) ? t : t + "px";
}
function rn(n, e, t, s, r) {
  var i, o;
  e: if (e == "style") {
    if (typeof t == "string") n.style.cssText = t;
    else {
      if (typeof s == "string" && (n.style.cssText = s = ""), s) {
        for (e in s) t && e in t || wo(n.style, e, "");
      }
      if (t) { for (e in t) s && t[e] == s[e] || wo(n.style, e, t[e]); }
    }
  } else if (e[0] == "o" && e[1] == "n") {
    i = e != (e = e.replace(So, "$1")),
      o = e.toLowerCase(),
      e = o in n || e == "onFocusOut" || e == "onFocusIn"
        ? o.slice(2)
        : e.slice(2),
      n.l || (n.l = {}),
      n.l[e + i] = t,
      t
        ? s
          ? t[Nt] = s[Nt]
          : (t[Nt] = Lr, n.addEventListener(e, i ? Nr : Ir, i))
        : n.removeEventListener(e, i ? Nr : Ir, i);
  } else {
    if (r == "http://www.w3.org/2000/svg") {
      e = e.replace(/xlink(H|:h)/, "h").replace(/sName$/, "s");
    } else if (
      e != "width" && e != "height" && e != "href" && e != "list" &&
      e != "form" && e != "tabIndex" && e != "download" && e != "rowSpan" &&
      e != "colSpan" && e != "role" && e != "popover" && e in n
    ) {
      try {
        n[e] = t ?? "";
        break e;
      } catch {}
    }
    typeof t == "function" ||
      (t == null || t === !1 && e[4] != "-"
        ? n.removeAttribute(e)
        : n.setAttribute(e, e == "popover" && t == 1 ? "" : t));
  }
}
function xo(n) {
  return function (e) {
    if (this.l) {
      var t = this.l[e.type + n];
      if (e[on] == null) e[on] = Lr++;
      else if (e[on] < t[Nt]) return;
      return t(O.event ? O.event(e) : e);
    }
  };
}
function Br(n, e, t, s, r, i, o, l, u, c) {
  var h, m, p, y, k, D, w, F, S, Y, Ne, Xe, It, go, sn, Dr, Oe = e.type;
  if (e.constructor !== void 0) return null;
  128 & t.__u && (u = !!(32 & t.__u), i = [l = e.__e = t.__e]),
    (h = O.__b) && h(e);
  e: if (typeof Oe == "function") {
    m = o.length;
    try {
      if (
        S = e.props,
          Y = Oe.prototype && Oe.prototype.render,
          Ne = (h = Oe.contextType) && s[h.__c],
          Xe = h ? Ne ? Ne.props.value : h.__ : s,
          t.__c
            ? F = (p = e.__c = t.__c).__ = p.__E
            : (Y
              ? e.__c = p = new Oe(S, Xe)
              : (e.__c = p = new lt(S, Xe), p.constructor = Oe, p.render = Sh),
              Ne && Ne.sub(p),
              p.state || (p.state = {}),
              p.__n = s,
              y = p.__d = !0,
              p.__h = [],
              p._sb = []),
          Y && p.__s == null && (p.__s = p.state),
          Y && Oe.getDerivedStateFromProps != null &&
          (p.__s == p.state && (p.__s = Pe({}, p.__s)),
            Pe(p.__s, Oe.getDerivedStateFromProps(S, p.__s))),
          k = p.props,
          D = p.state,
          p.__v = e,
          y
      ) {
        Y && Oe.getDerivedStateFromProps == null &&
        p.componentWillMount != null && p.componentWillMount(),
          Y && p.componentDidMount != null && p.__h.push(p.componentDidMount);
      } else {
        if (
          Y && Oe.getDerivedStateFromProps == null && S !== k &&
          p.componentWillReceiveProps != null &&
          p.componentWillReceiveProps(S, Xe),
            e.__v == t.__v ||
            !p.__e && p.shouldComponentUpdate != null &&
              p.shouldComponentUpdate(S, p.__s, Xe) === !1
        ) {
          e.__v != t.__v && (p.props = S, p.state = p.__s, p.__d = !1),
            e.__e = t.__e,
            e.__k = t.__k,
            e.__k.some(function (at) {
              at && (at.__ = e);
            }),
            un.push.apply(p.__h, p._sb),
            p._sb = [],
            p.__h.length && o.push(p),
            l = Ke(t);
          break e;
        }
        p.componentWillUpdate != null && p.componentWillUpdate(S, p.__s, Xe),
          Y && p.componentDidUpdate != null && p.__h.push(function () {
            p.componentDidUpdate(k, D, w);
          });
      }
      if (
        p.context = Xe,
          p.props = S,
          p.__P = n,
          p.__e = !1,
          It = O.__r,
          go = 0,
          Y
      ) {
        p.state = p.__s,
          p.__d = !1,
          It && It(e),
          h = p.render(p.props, p.state, p.context),
          un.push.apply(p.__h, p._sb),
          p._sb = [];
      } else {do p.__d = !1,
          It && It(e),
          h = p.render(p.props, p.state, p.context),
          p.state = p.__s; while (p.__d && ++go < 25);}
      p.state = p.__s,
        p.getChildContext != null && (s = Pe(Pe({}, s), p.getChildContext())),
        Y && !y && p.getSnapshotBeforeUpdate != null &&
        (w = p.getSnapshotBeforeUpdate(k, D)),
        sn = h != null && h.type === E && h.key == null
          ? Co(h.props.children)
          : h,
        l = Mo(n, fn(sn) ? sn : [sn], e, t, s, r, i, o, l, u, c),
        p.base = e.__e,
        e.__u &= -161,
        p.__h.length && o.push(p),
        F && (p.__E = p.__ = null);
    } catch (at) {
      if (o.length = m, e.__v = null, u || i != null) {
        if (at.then) {
          for (
            e.__u |= u ? 160 : 128;
            l && l.nodeType == 8 && l.nextSibling;
          ) l = l.nextSibling;
          i != null && (i[i.indexOf(l)] = null), e.__e = l;
        } else if (i != null) { for (Dr = i.length; Dr--;) Ur(i[Dr]); }
      } else e.__e = t.__e;
      e.__k == null && (e.__k = t.__k || []), at.then || To(e), O.__e(at, e, t);
    }
  } else {i == null && e.__v == t.__v
      ? (e.__k = t.__k, e.__e = t.__e)
      : l = e.__e = Eh(t.__e, e, t, s, r, i, o, u, c);}
  return (h = O.diffed) && h(e), 128 & e.__u ? void 0 : l;
}
function To(n) {
  n && (n.__c && (n.__c.__e = !0), n.__k && n.__k.some(To));
}
function Fo(n, e, t) {
  for (var s = 0; s < t.length; s++) jr(t[s], t[++s], t[++s]);
  O.__c && O.__c(e, n),
    n.some(function (r) {
      try {
        n = r.__h,
          r.__h = [],
          n.some(function (i) {
            i.call(r);
          });
      } catch (i) {
        O.__e(i, r.__v);
      }
    });
}
function Co(n) {
  return typeof n != "object" || n == null || n.__b > 0
    ? n
    : fn(n)
    ? n.map(Co)
    : n.constructor !== void 0
    ? null
    : Pe({}, n);
}
function Eh(n, e, t, s, r, i, o, l, u) {
  var c, h, m, p, y, k, D, w = t.props || ln, F = e.props, S = e.type;
  if (
    S == "svg"
      ? r = "http://www.w3.org/2000/svg"
      : S == "math"
      ? r = "http://www.w3.org/1998/Math/MathML"
      : r || (r = "http://www.w3.org/1999/xhtml"), i != null
  ) {
    for (c = 0; c < i.length; c++) {
      if (
        (y = i[c]) && "setAttribute" in y == !!S &&
        (S ? y.localName == S : y.nodeType == 3)
      ) {
        n = y, i[c] = null;
        break;
      }
    }
  }
  if (n == null) {
    if (S == null) return document.createTextNode(F);
    n = document.createElementNS(r, S, F.is && F),
      l && (O.__m && O.__m(e, i), l = !1),
      i = null;
  }
  if (S == null) w === F || l && n.data == F || (n.data = F);
  else {
    if (
      i = S == "textarea" && F.defaultValue != null
        ? null
        : i && hn.call(n.childNodes), !l && i != null
    ) {
      for (
        w = {}, c = 0;
        c < n.attributes.length;
        c++
      ) w[(y = n.attributes[c]).name] = y.value;
    }
    for (c in w) {
      y = w[c],
        c == "dangerouslySetInnerHTML"
          ? m = y
          : c == "children" || c in F || c == "value" && "defaultValue" in F ||
            c == "checked" && "defaultChecked" in F || rn(n, c, null, y, r);
    }
    for (c in F) {
      y = F[c],
        c == "children"
          ? p = y
          : c == "dangerouslySetInnerHTML"
          ? h = y
          : c == "value"
          ? k = y
          : c == "checked"
          ? D = y
          : l && typeof y != "function" || w[c] === y || rn(n, c, y, w[c], r);
    }
    if (h) {
      l || m && (h.__html == m.__html || h.__html == n.innerHTML) ||
      (n.innerHTML = h.__html), e.__k = [];
    } else if (
      m && (n.innerHTML = ""),
        Mo(
          e.type == "template" ? n.content : n,
          fn(p) ? p : [p],
          e,
          t,
          s,
          S == "foreignObject" ? "http://www.w3.org/1999/xhtml" : r,
          i,
          o,
          i ? i[0] : t.__k && Ke(t, 0),
          l,
          u,
        ),
        i != null
    ) { for (c = i.length; c--;) Ur(i[c]); }
    l && S != "textarea" ||
      (c = "value",
        S == "progress" && k == null ? n.removeAttribute("value") : k != null &&
          (k !== n[c] || S == "progress" && !k || S == "option" && k != w[c]) &&
          rn(n, c, k, w[c], r),
        c = "checked",
        D != null && D != n[c] && rn(n, c, D, w[c], r));
  }
  return n;
}
function jr(n, e, t) {
  try {
    if (typeof n == "function") {
      var s = typeof n.__u == "function";
      s && n.__u(), s && e == null || (n.__u = n(e));
    } else n.current = e;
  } catch (r) {
    O.__e(r, t);
  }
}
function Do(n, e, t) {
  var s, r;
  if (
    O.unmount && O.unmount(n),
      (s = n.ref) && (s.current && s.current != n.__e || jr(s, null, e)),
      (s = n.__c) != null
  ) {
    if (s.componentWillUnmount) {
      try {
        s.componentWillUnmount();
      } catch (i) {
        O.__e(i, e);
      }
    }
    s.base = s.__P = s.__n = null;
  }
  if (s = n.__k) {
    for (r = 0; r < s.length; r++) {
      s[r] && Do(s[r], e, t || typeof n.type != "function");
    }
  }
  t || Ur(n.__e), n.__c = n.__ = n.__e = void 0;
}
function Sh(n, e, t) {
  return this.constructor(n, t);
}
function Ro(n, e, t) {
  var s, r, i, o;
  e == document && (e = document.documentElement),
    O.__ && O.__(n, e),
    r = (s = typeof t == "function") ? null : t && t.__k || e.__k,
    i = [],
    o = [],
    Br(
      e,
      n = (!s && t || e).__k = $r(E, null, [n]),
      r || ln,
      ln,
      e.namespaceURI,
      !s && t ? [t] : r ? null : e.firstChild ? hn.call(e.childNodes) : null,
      i,
      !s && t ? t : r ? r.__e : e.firstChild,
      s,
      o,
    ),
    Fo(i, n, o),
    n.props.children = null;
}
hn = un.slice,
  O = {
    __e: function (n, e, t, s) {
      for (var r, i, o; e = e.__;) {
        if ((r = e.__c) && !r.__) {
          try {
            if (
              (i = r.constructor) && i.getDerivedStateFromError != null &&
              (r.setState(i.getDerivedStateFromError(n)), o = r.__d),
                r.componentDidCatch != null &&
                (r.componentDidCatch(n, s || {}), o = r.__d),
                o
            ) return r.__E = r;
          } catch (l) {
            n = l;
          }
        }
      }
      throw n;
    },
  },
  _o = 0,
  Pr = function (n) {
    return n != null && n.constructor === void 0;
  },
  lt.prototype.setState = function (n, e) {
    var t;
    t = this.__s != null && this.__s != this.state
      ? this.__s
      : this.__s = Pe({}, this.state),
      typeof n == "function" && (n = n(Pe({}, t), this.props)),
      n && Pe(t, n),
      n != null && this.__v && (e && this._sb.push(e), bo(this));
  },
  lt.prototype.forceUpdate = function (n) {
    this.__v && (this.__e = !0, n && this.__h.push(n), bo(this));
  },
  lt.prototype.render = E,
  He = [],
  ko = typeof Promise == "function"
    ? Promise.prototype.then.bind(Promise.resolve())
    : setTimeout,
  Eo = function (n, e) {
    return n.__v.__b - e.__v.__b;
  },
  cn.__r = 0,
  Rr = Math.random().toString(8),
  on = "__d" + Rr,
  Nt = "__a" + Rr,
  So = /(PointerCapture)$|Capture$/i,
  Lr = 0,
  Ir = xo(!1),
  Nr = xo(!0),
  bh = 0;
var Ah = 0, wy = Array.isArray;
function a(n, e, t, s, r, i) {
  e || (e = {});
  var o, l, u = e;
  if ("ref" in u) { for (l in u = {}, e) l == "ref" ? o = e[l] : u[l] = e[l]; }
  var c = {
    type: n,
    props: u,
    key: t,
    ref: o,
    __k: null,
    __: null,
    __b: 0,
    __e: null,
    __c: null,
    constructor: void 0,
    __v: --Ah,
    __i: -1,
    __u: 0,
    __source: r,
    __self: i,
  };
  if (typeof n == "function" && (o = n.defaultProps)) {
    for (l in o) u[l] === void 0 && (u[l] = o[l]);
  }
  return O.vnode && O.vnode(c), c;
}
function Io() {
  addEventListener("load", () => {
    navigator.serviceWorker?.register("/service_worker.js", {
      updateViaCache: "none",
    }).catch(() => {});
  });
}
var Mh = ["button", "checkbox", "file", "radio", "range"];
function Po(n) {
  document.addEventListener("keydown", (e) => {
    !Object.hasOwn(n, e.key) || !No(e) ||
      (e.preventDefault(), e.repeat || n[e.key]());
  }),
    document.addEventListener("keyup", (e) => {
      e.key === " " && No(e) && e.preventDefault();
    });
}
function No(n) {
  let { target: e, altKey: t, ctrlKey: s, metaKey: r, isComposing: i } = n;
  return t || s || r || i
    ? !1
    : e instanceof HTMLElement
    ? document.querySelector("dialog[open]")
      ? !1
      : e instanceof HTMLInputElement
      ? Mh.includes(e.type)
      : !e.isContentEditable && !(e instanceof HTMLTextAreaElement) &&
        !(e instanceof HTMLSelectElement)
    : !0;
}
function Lo(n) {
  let { wakeLock: e } = navigator;
  if (!e) return;
  let t = !1,
    s = null,
    r = () => {
      t && s === null && !document.hidden
        ? (s = e.request("screen").catch(() => null),
          s.then((i) => i?.addEventListener("release", () => s = null)))
        : !t && s !== null && (s.then((i) => i?.release()), s = null);
    };
  n((i) => {
    t = i, r();
  }), document.addEventListener("visibilitychange", r);
}
var Oh = {
    "bad-frame": { fatal: !0 },
    "bad-message": { fatal: !0 },
    "unknown-type": { fatal: !0 },
    version: { fatal: !0 },
    unauthorized: { fatal: !0 },
    busy: { fatal: !0 },
    timeout: { fatal: !0 },
    replaced: { fatal: !0 },
    "not-found": {},
    ambiguous: {},
    "bad-name": {},
    exists: {},
    "read-only": {},
    changed: {},
    stale: {},
    "too-large": {},
    "not-wav": {},
    unsupported: {},
    "bad-hash": {},
    "no-space": {},
    "not-receiving": {},
    internal: {},
    lost: {},
    usage: { local: !0, exit: 2 },
    interrupted: { local: !0, exit: 130 },
    unreachable: { local: !0 },
    "bad-certificate": { local: !0 },
    "tls-mismatch": { local: !0 },
    "not-ondacast": { local: !0 },
    "port-in-use": { local: !0 },
    "cannot-listen": { local: !0 },
    "bad-folder": { local: !0 },
    "bad-file": { local: !0 },
    "no-songs": { local: !0 },
    "no-player": { local: !0 },
    "player-failed": { local: !0 },
    "output-failed": { local: !0 },
    "service-failed": { local: !0 },
    "source-failed": { local: !0 },
    "too-old": { local: !0 },
  },
  g = class extends Error {
    name = "OndacastError";
    code;
    fatal;
    constructor(e, t, s = {}) {
      super(t, s), this.code = e, this.fatal = s.fatal ?? Uo(e).fatal ?? !1;
    }
    get exitCode() {
      return Uo(this.code).exit ?? 1;
    }
  };
var Th = 64,
  Fh = 1024,
  ut = class extends g {
    name = "PeerError";
    constructor(e, t, s) {
      super(e.slice(0, Th), t.slice(0, Fh), { fatal: s });
    }
  };
function M(n, e = "internal") {
  return n instanceof g ? n : new g(e, Hr(n), { cause: n });
}
function Hr(n) {
  return n instanceof Error ? n.message : String(n);
}
function Uo(n) {
  return Oh[n] ?? {};
}
function $o(n) {
  addEventListener("beforeinstallprompt", (e) => {
    e.preventDefault(),
      n(() => {
        n(null), e.prompt();
      });
  }), addEventListener("appinstalled", () => n(null));
}
var Bo = "ondacast.", Gr = new Map();
function me(n) {
  if (Gr.has(n)) return Gr.get(n);
  try {
    return localStorage.getItem(Bo + n);
  } catch {
    return null;
  }
}
function Te(n, e, t = !0) {
  if (Gr.set(n, e), !!t) {
    try {
      localStorage.setItem(Bo + n, e);
    } catch {}
  }
}
var ct,
  H,
  qr,
  jo,
  dn = 0,
  Ko = [],
  q = O,
  Ho = q.__b,
  Go = q.__r,
  qo = q.diffed,
  Wo = q.__c,
  zo = q.unmount,
  Vo = q.__;
function mn(n, e) {
  q.__h && q.__h(H, n, dn || e), dn = 0;
  var t = H.__H || (H.__H = { __: [], __h: [] });
  return n >= t.__.length && t.__.push({}), t.__[n];
}
function G(n) {
  return dn = 1, Ch(Yo, n);
}
function Ch(n, e, t) {
  var s = mn(ct++, 2);
  if (
    s.t = n,
      !s.__c && (s.__ = [t ? t(e) : Yo(void 0, e), function (l) {
        var u = s.__N ? s.__N[0] : s.__[0], c = s.t(u, l);
        u !== c && (s.__N = [c, s.__[1]], s.__c.setState({}));
      }],
        s.__c = H,
        !H.__f)
  ) {
    var r = function (l, u, c) {
      if (!s.__c.__H) return !0;
      var h = !1, m = s.__c.props !== l;
      if (
        s.__c.__H.__.some(function (y) {
          if (y.__N) {
            h = !0;
            var k = y.__[0];
            y.__ = y.__N, y.__N = void 0, k !== y.__[0] && (m = !0);
          }
        }), i
      ) {
        var p = i.call(this, l, u, c);
        return h ? p || m : p;
      }
      return !h || m;
    };
    H.__f = !0;
    var i = H.shouldComponentUpdate, o = H.componentWillUpdate;
    H.componentWillUpdate = function (l, u, c) {
      if (this.__e) {
        var h = i;
        i = void 0, r(l, u, c), i = h;
      }
      o && o.call(this, l, u, c);
    }, H.shouldComponentUpdate = r;
  }
  return s.__N || s.__;
}
function U(n, e) {
  var t = mn(ct++, 3);
  !q.__s && zr(t.__H, e) && (t.__ = n, t.u = e, H.__H.__h.push(t));
}
function ke(n, e) {
  var t = mn(ct++, 4);
  !q.__s && zr(t.__H, e) && (t.__ = n, t.u = e, H.__h.push(t));
}
function J(n) {
  return dn = 5,
    Ye(function () {
      return { current: n };
    }, []);
}
function Ye(n, e) {
  var t = mn(ct++, 7);
  return zr(t.__H, e) && (t.__ = n(), t.__H = e, t.__h = n), t.__;
}
function Dh() {
  for (var n; n = Ko.shift();) {
    var e = n.__H;
    if (n.__P && e) {
      try {
        e.__h.some(pn), e.__h.some(Wr), e.__h = [];
      } catch (t) {
        e.__h = [], q.__e(t, n.__v);
      }
    }
  }
}
q.__b = function (n) {
  H = null, Ho && Ho(n);
},
  q.__ = function (n, e) {
    n && e.__k && e.__k.__m && (n.__m = e.__k.__m), Vo && Vo(n, e);
  },
  q.__r = function (n) {
    Go && Go(n), ct = 0;
    var e = (H = n.__c).__H;
    e && (qr === H
      ? (e.__h = [],
        H.__h = [],
        e.__.some(function (t) {
          t.__N && (t.__ = t.__N), t.u = t.__N = void 0;
        }))
      : (e.__h.some(pn), e.__h.some(Wr), e.__h = [], ct = 0)), qr = H;
  },
  q.diffed = function (n) {
    qo && qo(n);
    var e = n.__c;
    e && e.__H &&
    (e.__H.__h.length &&
      (Ko.push(e) !== 1 && jo === q.requestAnimationFrame ||
        ((jo = q.requestAnimationFrame) || Rh)(Dh)),
      e.__H.__.some(function (t) {
        t.u && (t.__H = t.u, t.u = void 0);
      })), qr = H = null;
  },
  q.__c = function (n, e) {
    e.some(function (t) {
      try {
        t.__h.some(pn),
          t.__h = t.__h.filter(function (s) {
            return !s.__ || Wr(s);
          });
      } catch (s) {
        e.some(function (r) {
          r.__h && (r.__h = []);
        }),
          e = [],
          q.__e(s, t.__v);
      }
    }), Wo && Wo(n, e);
  },
  q.unmount = function (n) {
    zo && zo(n);
    var e, t = n.__c;
    t && t.__H && (t.__H.__.some(function (s) {
      try {
        pn(s);
      } catch (r) {
        e = r;
      }
    }),
      t.__H = void 0,
      e && q.__e(e, t.__v));
  };
var Xo = typeof requestAnimationFrame == "function";
function Rh(n) {
  var e,
    t = function () {
      clearTimeout(s), Xo && cancelAnimationFrame(e), setTimeout(n);
    },
    s = setTimeout(t, 35);
  Xo && (e = requestAnimationFrame(t));
}
function pn(n) {
  var e = H, t = n.__c;
  typeof t == "function" && (n.__c = void 0, t()), H = e;
}
function Wr(n) {
  var e = H;
  n.__c = n.__(), H = e;
}
function zr(n, e) {
  return !n || n.length !== e.length || e.some(function (t, s) {
    return t !== n[s];
  });
}
function Yo(n, e) {
  return typeof e == "function" ? e(n) : e;
}
var Ih = Symbol.for("preact-signals");
function bn() {
  if (Le > 1) Le--;
  else {
    var n, e = !1;
    for (
      function () {
        var r = gn;
        for (gn = void 0; r !== void 0;) {
          var i = r.S;
          if (i.v === r.v) {
            for (var o = i.t; o !== void 0; o = o.x) {
              o.i === r.i && (o.i = i.i);
            }
          }
          r = r.o;
        }
      }();
      Lt !== void 0;
    ) {
      var t = Lt;
      for (Lt = void 0, yn++; t !== void 0;) {
        var s = t.u;
        if (t.u = void 0, t.f &= -3, !(8 & t.f) && Zo(t)) {
          try {
            t.c();
          } catch (r) {
            e || (n = r, e = !0);
          }
        }
        t = s;
      }
    }
    if (yn = 0, Le--, e) throw n;
  }
}
function wn(n) {
  if (Le > 0) return n();
  Vr = ++Nh, Le++;
  try {
    return n();
  } finally {
    bn();
  }
}
var Pt, B = void 0;
function Ut(n) {
  var e = B, t = Pt;
  B = void 0, Pt = void 0;
  try {
    return n();
  } finally {
    B = e, Pt = t;
  }
}
var Lt = void 0, Le = 0, yn = 0, Nh = 0, Vr = 0, gn = void 0, vn = 0;
function Jo(n) {
  if (B !== void 0) {
    var e = n.n;
    if (e === void 0 || e.t !== B) {
      return e = {
        i: 0,
        S: n,
        p: B.s,
        n: void 0,
        t: B,
        e: void 0,
        x: void 0,
        r: e,
      },
        B.s !== void 0 && (B.s.n = e),
        B.s = e,
        n.n = e,
        32 & B.f && n.S(e),
        e;
    }
    if (e.i === -1) {
      return e.i = 0,
        e.n !== void 0 &&
        (e.n.p = e.p,
          e.p !== void 0 && (e.p.n = e.n),
          e.p = B.s,
          e.n = void 0,
          B.s.n = e,
          B.s = e),
        e;
    }
  }
}
function V(n, e) {
  this.v = n,
    this.i = 0,
    this.n = void 0,
    this.t = void 0,
    this.l = 0,
    this.W = e?.watched,
    this.Z = e?.unwatched,
    this.name = e?.name;
}
V.prototype.brand = Ih;
V.prototype.h = function () {
  return !0;
};
V.prototype.S = function (n) {
  var e = this, t = this.t;
  t !== n && n.e === void 0 &&
    (n.x = t,
      this.t = n,
      t !== void 0 ? t.e = n : Ut(function () {
        var s;
        (s = e.W) == null || s.call(e);
      }));
};
V.prototype.U = function (n) {
  var e = this;
  if (this.t !== void 0) {
    var t = n.e, s = n.x;
    t !== void 0 && (t.x = s, n.e = void 0),
      s !== void 0 && (s.e = t, n.x = void 0),
      n === this.t && (this.t = s,
        s === void 0 && Ut(function () {
          var r;
          (r = e.Z) == null || r.call(e);
        }));
  }
};
V.prototype.subscribe = function (n) {
  var e = this;
  return ye(function () {
    var t = e.value;
    Ut(function () {
      return n(t);
    });
  }, { name: "sub" });
};
V.prototype.valueOf = function () {
  return this.value;
};
V.prototype.toString = function () {
  return this.value + "";
};
V.prototype.toJSON = function () {
  return this.value;
};
V.prototype.peek = function () {
  var n = this;
  return Ut(function () {
    return n.value;
  });
};
Object.defineProperty(V.prototype, "value", {
  get: function () {
    var n = Jo(this);
    return n !== void 0 && (n.i = this.i), this.v;
  },
  set: function (n) {
    if (n !== this.v) {
      if (yn > 100) throw new Error("Cycle detected");
      (function (t) {
        Le !== 0 && yn === 0 && t.l !== Vr &&
          (t.l = Vr, gn = { S: t, v: t.v, i: t.i, o: gn });
      })(this),
        this.v = n,
        this.i++,
        vn++,
        Le++;
      try {
        for (var e = this.t; e !== void 0; e = e.x) e.t.N();
      } finally {
        bn();
      }
    }
  },
});
function x(n, e) {
  return new V(n, e);
}
function Zo(n) {
  for (var e = n.s; e !== void 0; e = e.n) {
    if (e.S.i !== e.i || !e.S.h() || e.S.i !== e.i) return !0;
  }
  return !1;
}
function Qo(n) {
  for (var e = n.s; e !== void 0; e = e.n) {
    var t = e.S.n;
    if (t !== void 0 && (e.r = t), e.S.n = e, e.i = -1, e.n === void 0) {
      n.s = e;
      break;
    }
  }
}
function ea(n) {
  for (var e = n.s, t = void 0; e !== void 0;) {
    var s = e.p;
    e.i === -1
      ? (e.S.U(e), s !== void 0 && (s.n = e.n), e.n !== void 0 && (e.n.p = s))
      : t = e,
      e.S.n = e.r,
      e.r !== void 0 && (e.r = void 0),
      e = s;
  }
  n.s = t;
}
function Je(n, e) {
  V.call(this, void 0, e),
    this.x = n,
    this.s = void 0,
    this.g = vn - 1,
    this.f = 4;
}
Je.prototype = new V();
Je.prototype.h = function () {
  if (this.f &= -3, 1 & this.f) return !1;
  if ((36 & this.f) == 32 || (this.f &= -5, this.g === vn)) return !0;
  if (this.g = vn, this.f |= 1, this.i > 0 && !Zo(this)) {
    return this.f &= -2, !0;
  }
  var n = B;
  try {
    Qo(this), B = this;
    var e = this.x();
    (16 & this.f || this.v !== e || this.i === 0) &&
      (this.v = e, this.f &= -17, this.i++);
  } catch (t) {
    this.v = t, this.f |= 16, this.i++;
  }
  return B = n, ea(this), this.f &= -2, !0;
};
Je.prototype.S = function (n) {
  if (this.t === void 0) {
    this.f |= 36;
    for (var e = this.s; e !== void 0; e = e.n) e.S.S(e);
  }
  V.prototype.S.call(this, n);
};
Je.prototype.U = function (n) {
  if (this.t !== void 0 && (V.prototype.U.call(this, n), this.t === void 0)) {
    this.f &= -33;
    for (var e = this.s; e !== void 0; e = e.n) e.S.U(e);
  }
};
Je.prototype.N = function () {
  if (!(2 & this.f)) {
    this.f |= 6;
    for (var n = this.t; n !== void 0; n = n.x) n.t.N();
  }
};
Object.defineProperty(Je.prototype, "value", {
  get: function () {
    if (1 & this.f) throw new Error("Cycle detected");
    var n = Jo(this);
    if (this.h(), n !== void 0 && (n.i = this.i), 16 & this.f) throw this.v;
    return this.v;
  },
});
function R(n, e) {
  return new Je(n, e);
}
function ta(n) {
  var e = n.j;
  if (n.j = void 0, typeof e == "function") {
    Le++;
    var t = B;
    B = void 0;
    try {
      e();
    } catch (s) {
      throw n.f &= -2, n.f |= 8, Xr(n), s;
    } finally {
      B = t, bn();
    }
  }
}
function Xr(n) {
  for (var e = n.s; e !== void 0; e = e.n) e.S.U(e);
  n.x = void 0, n.s = void 0, ta(n);
}
function Ph(n) {
  if (B !== this) throw new Error("Out-of-order effect");
  ea(this), B = n, this.f &= -2;
  try {
    8 & this.f && Xr(this);
  } finally {
    bn();
  }
}
function ht(n, e) {
  this.x = n,
    this.j = void 0,
    this.s = void 0,
    this.u = void 0,
    this.f = 32,
    this.name = e?.name,
    Pt && Pt.push(this);
}
ht.prototype.c = function () {
  var n = this.S();
  try {
    if (8 & this.f || this.x === void 0) return;
    var e = this.x();
    typeof e == "function" && (this.j = e);
  } finally {
    n();
  }
};
ht.prototype.S = function () {
  if (1 & this.f) throw new Error("Cycle detected");
  this.f |= 1, this.f &= -9, ta(this), Qo(this), Le++;
  var n = B;
  return B = this, Ph.bind(this, n);
};
ht.prototype.N = function () {
  2 & this.f || (this.f |= 2, this.u = Lt, Lt = this);
};
ht.prototype.d = function () {
  this.f |= 8, 1 & this.f || Xr(this);
};
ht.prototype.dispose = function () {
  this.d();
};
function ye(n, e) {
  var t = new ht(n, e);
  try {
    t.c();
  } catch (r) {
    throw t.d(), r;
  }
  var s = t.d.bind(t);
  return s[Symbol.dispose] = s, s;
}
var na,
  Bt,
  xn,
  Lh = typeof window < "u" && !!window.__PREACT_SIGNALS_DEVTOOLS__;
var sa = [];
ye(function () {
  na = this.N;
})();
function ft(n, e) {
  O[n] = e.bind(null, O[n] || function () {});
}
function $t(n) {
  if (xn) {
    var e = xn;
    xn = void 0, e();
  }
  xn = n && n.S();
}
function ra(n) {
  var e = this, t = n.data, s = $h(t);
  s.name = "ReactiveDom", s.value = t;
  var r = Ye(function () {
      for (var l = e, u = e.__v; u = u.__;) {
        if (u.__c) {
          u.__c.__$f |= 4;
          break;
        }
      }
      var c = R(function () {
          var y = s.value.value;
          return y === 0 ? 0 : y === !0 ? "" : y || "";
        }),
        h = R(function () {
          return !Array.isArray(c.value) && !Pr(c.value);
        }),
        m = ye(function () {
          if (this.N = ia, h.value) {
            var y = c.value;
            l.__v && l.__v.__e && l.__v.__e.nodeType === 3 &&
              (l.__v.__e.data = y);
          }
        }),
        p = e.__$u.d;
      return e.__$u.d = function () {
        m(), p.call(this);
      },
        [h, c];
    }, []),
    i = r[0],
    o = r[1];
  return i.value ? o.peek() : o.value;
}
ra.displayName = "ReactiveTextNode";
Object.defineProperties(V.prototype, {
  constructor: { configurable: !0, value: $r(E, null).constructor },
  type: { configurable: !0, value: ra },
  props: {
    configurable: !0,
    get: function () {
      var n = this;
      return {
        data: {
          get value() {
            return n.value;
          },
        },
      };
    },
  },
  __b: { configurable: !0, value: 1 },
});
ft("__b", function (n, e) {
  if ($t(), Bt = void 0, typeof e.type == "string") {
    var t, s = e.props;
    for (var r in s) {
      if (r !== "children") {
        var i = s[r];
        i instanceof V && (t || (e.__np = t = {}), t[r] = i, s[r] = i.peek());
      }
    }
  }
  n(e);
});
ft("__r", function (n, e) {
  if (n(e), e.type !== E) {
    $t();
    var t, s = e.__c;
    s &&
    (s.__$f &= -2,
      (t = s.__$u) === void 0 && (s.__$u = t = function (r, i) {
        var o;
        return ye(function () {
          o = this;
        }, { name: i }),
          o.c = r,
          o;
      }(
        function (r) {
          return function () {
            var i;
            Lh && ((i = this.y) == null || i.call(this)),
              r.__$f |= 1,
              r.setState({});
          };
        }(s),
        typeof e.type == "function" ? e.type.displayName || e.type.name : "",
      ))),
      Bt = s,
      $t(t);
  }
});
ft("__e", function (n, e, t, s) {
  $t(), Bt = void 0, n(e, t, s);
});
ft("diffed", function (n, e) {
  $t(), Bt = void 0;
  var t;
  if (typeof e.type == "string" && (t = e.__e)) {
    var s = e.__np, r = e.props, i = t.U;
    if (i) {
      for (var o in i) {
        var l = i[o];
        l === void 0 || s && o in s || (l.d(), i[o] = void 0);
      }
    }
    if (s) {
      i || (i = {}, t.U = i);
      for (var u in s) {
        var c = i[u], h = s[u];
        c === void 0 ? (c = Uh(t, u, h, r), i[u] = c) : c.o(h, r);
      }
    }
  }
  n(e);
});
function Uh(n, e, t, s) {
  var r = e in n && n.ownerSVGElement === void 0, i = x(t);
  return {
    o: function (o, l) {
      i.value = o, s = l;
    },
    d: ye(function () {
      this.N = ia;
      var o = i.value.value;
      s[e] !== o &&
        (s[e] = o,
          r
            ? n[e] = o
            : o != null && (o !== !1 || e[4] === "-")
            ? n.setAttribute(e, o)
            : n.removeAttribute(e));
    }),
  };
}
ft("unmount", function (n, e) {
  if (typeof e.type == "string") {
    var t = e.__e;
    if (t) {
      var s = t.U;
      if (s) {
        t.U = void 0;
        for (var r in s) {
          var i = s[r];
          i && i.d();
        }
      }
    }
    var o = e.__np;
    if (o) {
      var l = e.props;
      for (var u in o) l[u] = o[u];
    }
    e.__np = void 0;
  } else {
    var c = e.__c;
    if (c) {
      c.__$f |= 8;
      var h = c.__$u;
      h && (c.__$u = void 0, h.d());
    }
  }
  n(e);
});
ft("__h", function (n, e, t, s) {
  s < 3 && (e.__$f |= 2), n(e, t, s);
});
lt.prototype.shouldComponentUpdate = function (n, e) {
  if (this.__R) return !0;
  var t = this.__$u, s = t && t.s !== void 0;
  for (var r in e) return !0;
  if (this.__f || typeof this.u == "boolean" && this.u === !0) {
    var i = 2 & this.__$f;
    if (!(s || i || 4 & this.__$f) || 1 & this.__$f) return !0;
  } else if (!(s || 4 & this.__$f) || 3 & this.__$f) return !0;
  for (var o in n) if (o !== "__source" && n[o] !== this.props[o]) return !0;
  for (var l in this.props) if (!(l in n)) return !0;
  return !1;
};
function $h(n, e) {
  return Ye(function () {
    return x(n, e);
  }, []);
}
function Kr(n, e) {
  var t = J(n);
  return t.current = n,
    Bt.__$f |= 4,
    Ye(function () {
      return R(function () {
        return t.current();
      }, e);
    }, []);
}
var Bh = function (n) {
  queueMicrotask(function () {
    queueMicrotask(n);
  });
};
function jh() {
  wn(function () {
    for (var n; n = sa.shift();) na.call(n);
  });
}
function ia() {
  sa.push(this) === 1 && (O.requestAnimationFrame || Bh)(jh);
}
var _n = class {
  #e;
  #t;
  #n = x(Gh(me("place")));
  group = R(() => {
    let e = this.#n.value;
    if (e === null) return null;
    let t = this.#e.rows.value ?? [];
    return this.#e.get(e.group) ?? t.find(({ was: s }) => s === e.group) ??
      Hh(t, e.devices) ?? null;
  });
  id = R(() => this.group.value?.group ?? this.#e.of(this.#t() ?? "")?.group);
  isHere = R(() => {
    let { value: e } = this.group, t = this.#t();
    return e === null || e.devices.some((s) => s.key === t);
  });
  constructor(e, t) {
    this.#e = e, this.#t = t;
  }
  choose(e) {
    let t = e === "here" ? void 0 : this.#e.get(e.group);
    this.#n.value = t
      ? { group: t.group, devices: t.devices.map(({ key: s }) => s) }
      : null, Te("place", JSON.stringify(this.#n.value));
  }
};
function Hh(n, e) {
  let t = (r) => r.devices.filter(({ key: i }) => e.includes(i)).length,
    [s] = n.toSorted((r, i) => t(i) - t(r));
  return s && t(s) > 0 ? s : void 0;
}
function Gh(n) {
  try {
    let { group: e, devices: t } = JSON.parse(n ?? "null") ?? {};
    return typeof e == "string" && Array.isArray(t)
      ? { group: e, devices: t }
      : null;
  } catch {
    return null;
  }
}
var kn = class {
  total = x(0);
  #e = x([]);
  #t;
  others = R(() => {
    let e = this.#t.welcome.value?.key;
    return this.#e.value.filter(({ key: t }) => t !== e).toSorted((t, s) =>
      t.name.localeCompare(s.name)
    );
  });
  listeners = R(() =>
    this.#e.value.filter(({ state: e }) => e.doing === "playing").length
  );
  constructor(e) {
    this.#t = e;
  }
  watch(e) {
    let t = ({ clients: s, total: r }) => {
      this.#e.value = s, this.total.value = r;
    };
    e.listen({ online: t }),
      e.request({ type: "online", watch: !0 }).then(t, () => {});
  }
};
var qh = 8e3, Wh = 3, Ze = x([]), zh = 0;
function Ee(n, e) {
  let t = En({ words: Vh(n), lasting: !1, action: e }),
    s = Ze.value.filter(({ lasting: r }) => !r);
  s.length > Wh && pt(s[0].id), setTimeout(() => pt(t), qh);
}
function Z(n) {
  Ee(M(n).message);
}
function En(n) {
  let e = ++zh;
  return Ze.value = [...Ze.value, { ...n, id: e }], e;
}
function Yr(n) {
  pt(n.id), n.onDismiss?.();
}
function pt(n) {
  Ze.value = Ze.value.filter((e) => e.id !== n);
}
function Vh(n) {
  return typeof n == "string" ? [n] : n;
}
var Jr = { first: 255, mask: 224 },
  la = [{
    name: "FLAC",
    endings: [".flac"],
    mediaTypes: ["audio/flac", "audio/x-flac"],
    sniff: (n) => le(n, 0, "fLaC"),
  }, {
    name: "MP3",
    endings: [".mp3", ".mp2"],
    mediaTypes: ["audio/mpeg"],
    sniff: (n) => le(n, 0, "ID3") || oa(n) && aa(n) > 0,
  }, {
    name: "Ogg",
    endings: [".ogg", ".oga", ".opus"],
    mediaTypes: ["audio/ogg", "audio/opus"],
    sniff: (n) => le(n, 0, "OggS"),
  }, {
    name: "MP4",
    endings: [".m4a", ".m4b", ".mp4"],
    mediaTypes: ["audio/mp4", "audio/x-m4a"],
    sniff: (n) => le(n, 4, "ftyp"),
  }, {
    name: "AAC",
    endings: [".aac"],
    mediaTypes: ["audio/aac"],
    sniff: (n) => oa(n) && aa(n) === 0,
  }, {
    name: "AIFF",
    endings: [".aiff", ".aif", ".aifc"],
    mediaTypes: ["audio/aiff", "audio/x-aiff"],
    sniff: (n) => le(n, 0, "FORM") && (le(n, 8, "AIFF") || le(n, 8, "AIFC")),
  }, {
    name: "CAF",
    endings: [".caf"],
    mediaTypes: ["audio/x-caf"],
    sniff: (n) => le(n, 0, "caff"),
  }, {
    name: "Matroska",
    needsFfmpeg: !0,
    endings: [".mka"],
    mediaTypes: ["audio/x-matroska"],
    sniff: (n) => le(n, 0, "E\xDF\xA3"),
  }, {
    name: "WMA",
    needsFfmpeg: !0,
    endings: [".wma"],
    mediaTypes: ["audio/x-ms-wma"],
    sniff: (n) => le(n, 0, "0&\xB2u\x8Ef\xCF"),
  }, {
    name: "Monkey's Audio",
    needsFfmpeg: !0,
    endings: [".ape"],
    mediaTypes: ["audio/x-ape"],
    sniff: (n) => le(n, 0, "MAC "),
  }, {
    name: "WavPack",
    needsFfmpeg: !0,
    endings: [".wv"],
    mediaTypes: ["audio/x-wavpack"],
    sniff: (n) => le(n, 0, "wvpk"),
  }, {
    name: "Wave64",
    needsFfmpeg: !0,
    endings: [".w64"],
    mediaTypes: ["audio/x-w64"],
    sniff: (n) => le(n, 0, "riff.\x91\xCF"),
  }];
function le(n, e, t) {
  let s = n.subarray(e, e + t.length);
  return String.fromCharCode(...s) === t;
}
function oa([n, e]) {
  return n === Jr.first && (e & Jr.mask) === Jr.mask;
}
function aa(n) {
  return n[1] >> 1 & 3;
}
var Jy = 256 * 1024, Zy = 32 * 1024;
var ua = [
  "FL",
  "FR",
  "FC",
  "LFE",
  "BL",
  "BR",
  "FLC",
  "FRC",
  "BC",
  "SL",
  "SR",
  "TC",
  "TFL",
  "TFC",
  "TFR",
  "TBL",
  "TBC",
  "TBR",
];
var Xh = { 1: 4, 2: 3, 3: 11, 4: 263, 5: 55, 6: 63, 7: 1807, 8: 1599 };
function dt(n) {
  let { channels: e, channelMask: t = 0 } = n, s = Xh[e] ?? 0;
  return fa(t).length === e && t < 2 ** ua.length ? t : s;
}
function ca(n) {
  let e = fa(dt(n));
  return Array.from({ length: n.channels }, (t, s) => e[s] ?? null);
}
function ha(n) {
  return n === 4 || n === 3;
}
function fa(n) {
  return ua.filter((e, t) => Math.floor(n / 2 ** t) % 2 === 1);
}
var mt = {
    u8: 8,
    s16le: 16,
    s24le: 24,
    s32le: 32,
    f32le: 32,
    f64le: 64,
    alaw: 8,
    mulaw: 8,
  },
  pa = { encoding: "f32le", rate: 48e3, channels: 2, bits: 32 };
function j(n) {
  return n.channels * n.bits / 8;
}
function ue(n) {
  return n.rate * j(n);
}
function ce(n, e) {
  return e / ue(n);
}
function jt(n, e) {
  return Math.max(0, Math.round(e * n.rate)) * j(n);
}
function Ue(n, e) {
  return e - e % j(n);
}
function yt(n, e) {
  return n.encoding === e.encoding && n.rate === e.rate &&
    n.channels === e.channels && dt(n) === dt(e);
}
function da(n) {
  return `${n.rate / 1e3} kHz ${Yh(n)} ${
    Kh[n.channels] ?? `${n.channels} channels`
  }`;
}
var Kh = { 1: "mono", 2: "stereo" };
function Yh(n) {
  switch (n.encoding) {
    case "alaw":
      return "A-law";
    case "mulaw":
      return "\xB5-law";
    case "f32le":
    case "f64le":
      return `${n.bits}-bit float`;
    default:
      return `${n.validBits ?? n.bits}-bit`;
  }
}
var ma = 64, ya = 768e3, ga = 65534, va = "\0\0\0\x80\0\0\xAA\x008\x9Bq";
var Ht = {
    u8: 1,
    s16le: 1,
    s24le: 1,
    s32le: 1,
    f32le: 3,
    f64le: 3,
    alaw: 6,
    mulaw: 7,
  },
  p0 = Object.keys(Ht);
function Zr(n) {
  return n === Ht.s16le;
}
var Jh = 64 * 1024;
var Zh = 1024 * 1024;
var b0 = 16 * 1024;
var Qh = ["RIFF", "RF64", "BW64"];
function xa(n) {
  let e = String.fromCharCode(...n.subarray(0, 12));
  return Qh.includes(e.slice(0, 4)) && e.slice(8) === "WAVE";
}
var An = 4294967295, _a = 4294963200;
function ka(n, e, { fact: t = !0 } = {}) {
  tf(n), e !== null && gt("data size", e, 0, 2 ** 52);
  let s = (e ?? 1 / 0) / j(n), r = Qr("fmt ", ef(n));
  if (t && !Zr(Ht[n.encoding])) {
    let h = Math.min(Math.floor(s), An);
    r.push(...Qr("fact", [Fe(h)]));
  }
  let i = Fe(An), o = ["RIFF", i, "WAVE", ...r, "data", i];
  if (e === null) return Sn(o);
  let l = ei(o) - 8 + e + e % 2;
  if (l < _a) {
    let [h, m] = [Fe(l), Fe(e)];
    return Sn(["RIFF", h, "WAVE", ...r, "data", m]);
  }
  let u = [l + 36, e, Math.floor(s)].map(nf), c = Qr("ds64", [...u, Fe(0)]);
  return Sn(["RF64", i, "WAVE", ...c, ...r, "data", i]);
}
function ef(n) {
  let {
      encoding: e,
      rate: t,
      channels: s,
      bits: r,
      validBits: i,
      channelMask: o,
    } = n,
    l = Ht[e],
    u = s > 2 || i !== void 0 || o !== void 0,
    c = [Qe(u ? ga : l), Qe(s), Fe(t), Fe(ue(n)), Qe(j(n)), Qe(r)];
  if (!u) return Zr(l) ? c : [...c, Qe(0)];
  let h = Fe(o ?? 0), m = [Qe(i ?? r), h, Fe(l), va];
  return [...c, Qe(ei(m)), ...m];
}
function tf(n) {
  let { encoding: e, rate: t, channels: s, bits: r, validBits: i } = n,
    o = mt[e];
  gt("rate", t, 1, ya),
    gt("channels", s, 1, ma),
    gt(`bits of ${e}`, r, o, o),
    gt("valid bits", i ?? r, 1, r),
    gt("channel mask", n.channelMask ?? 0, 0, 2 ** 32 - 1);
}
function gt(n, e, t, s) {
  if (Number.isInteger(e) && e >= t && e <= s) return;
  let r = t === s ? `${s}` : `${t} to ${s}`;
  throw new RangeError(`Cannot write WAV ${n}: ${e}, expected ${r}`);
}
var Qe = (n) => [2, n], Fe = (n) => [4, n], nf = (n) => [8, n];
function Qr(n, e) {
  return [n, Fe(ei(e)), ...e];
}
function ei(n) {
  return Sn(n).length;
}
function Sn(n) {
  return Uint8Array.from(
    n.flatMap((e) =>
      typeof e == "string" ? Array.from(e, (t) => t.charCodeAt(0)) : sf(...e)
    ),
  );
}
function sf(n, e) {
  let t = (s, r) => Math.floor(e / 256 ** r) % 256;
  return Array.from({ length: n }, t);
}
var M0 = 2 ** 32, O0 = 64 * 1024;
var of = 64 * 2 ** 20;
var B0 = new Set(
  "data,fmt ,fact,LIST,ds64,bext,cue ,plst,smpl,inst,JUNK,junk,PAD ,FLLR,id3 ,ID3 ,iXML,axml,chna,PEAK,cart,acid,DISP,afsp,levl,link,umid,mext"
    .split(","),
);
var Ea = {
  name: "WAV",
  endings: [".wav", ".wave", ".bwf"],
  mediaTypes: ["audio/wav", "audio/x-wav"],
  sniff: xa,
};
var ti = [Ea, ...la], ni = ti.flatMap(({ endings: n }) => n), af = ni[0];
var Sa = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u, Aa = new RegExp(Sa, "gu");
function si(n) {
  return Sa.test(n);
}
function A(n) {
  return n.replace(Aa, Oa);
}
function Ma(n) {
  return JSON.stringify(n).replace(Aa, Oa);
}
function Oa(n) {
  let e = "";
  for (let t = 0; t < n.length; t++) {
    e += `\\u${n.charCodeAt(t).toString(16).padStart(4, "0")}`;
  }
  return e;
}
var Mn = 16,
  ii = 255,
  yg = Mn * (ii + 1) - 1,
  ri = 64,
  lf = new TextEncoder(),
  uf = /[\p{Cc}\p{Bidi_Control}]/u,
  cf = /\p{Cs}/u,
  Ta = /[^\s\u2800\p{Default_Ignorable_Code_Point}]/u,
  Fa = new RegExp(`(${ni.map((n) => n.replace(".", "\\.")).join("|")})$`, "i"),
  Ca = /^[0-9a-f]{24}$/i,
  hf = /[<>:"|?*\\]/,
  ff = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)/i;
function Da(n) {
  return mf(n, yf(n) ?? gf(n));
}
function pf(n) {
  return n === ""
    ? "it has an empty part"
    : n === "." || n === ".."
    ? `it has a part ${ui(n)}`
    : uf.test(n)
    ? "it has a control or bidirectional character"
    : cf.test(n)
    ? "it has half a surrogate pair"
    : bf(n, ii)
    ? `a part has more than ${ii} bytes`
    : null;
}
function df(n) {
  return hf.test(n)
    ? 'it has a character that Windows cannot hold (one of <>:"|?*\\)'
    : ff.test(n)
    ? "it is a device's name on Windows"
    : n.endsWith(".") || n.endsWith(" ")
    ? "a part ends with a dot or a blank"
    : null;
}
function ai(n) {
  return n.startsWith(".") && !n.startsWith("..");
}
function Ra(n) {
  return Fa.test(n);
}
function li(n) {
  return n.replace(Fa, "");
}
function mf(n, e) {
  if (e === null) return n;
  throw new g("bad-name", `Cannot use the song name ${ui(n)}: ${e}`);
}
function yf(n) {
  let e = n.split("/", Mn + 1);
  return e.length > Mn ? `it has more than ${Mn} parts` : oi(e, pf);
}
function gf(n) {
  let e = li(n);
  return si(n)
    ? "it has an invisible character"
    : Pa(e)
    ? "it is shaped like an address"
    : Ca.test(e)
    ? "it is shaped like a key"
    : oi(e.split("/"), (t) => Ta.test(t) ? null : "a part of it is blank") ??
      oi(n.split("/"), vf);
}
function vf(n) {
  return ai(n) ? "a part that begins with a dot is hidden" : df(n);
}
function oi(n, e) {
  for (let t of n) {
    let s = e(t);
    if (s !== null) return s;
  }
  return null;
}
function bf(n, e) {
  return n.length > e || 3 * n.length > e && lf.encode(n).length > e;
}
var wf = /^[ -~]*$/;
function Ia(n) {
  return wf.test(n)
    ? n.toLowerCase()
    : n.normalize("NFC").toLowerCase().toUpperCase().replaceAll(
      "\u03A3",
      "\u03C3",
    ).toLowerCase().normalize("NFC");
}
function Na(n, e = "device") {
  let t = xf(n);
  if (t === null) return n;
  throw new g("bad-name", `Cannot use the ${e} name ${ui(n)}: ${t}`);
}
function xf(n) {
  let e = n.length > 2 * ri ? 1 / 0 : [...n].length;
  return e < 1 || e > ri
    ? `expected 1 to ${ri} characters`
    : si(n)
    ? "it has a control, bidirectional, line-separator or invisible character"
    : Ta.test(n)
    ? Pa(n)
      ? "it is shaped like an address"
      : Ca.test(n.trim())
      ? "it is shaped like a key"
      : null
    : "it is blank";
}
function Pa(n) {
  let e = n.trim();
  return _f.some((t) => t.test(e)) ||
    kf(e.replace(/^\[/, "").replace(/(\](:\d+)?)$/, ""));
}
var _f = [/^\d{1,3}(\.\d{1,3}){3}(:\d+)?$/, /^[^\s:]+:\d+$/];
function kf(n) {
  return /^[0-9a-f:.]+(%[^\s\]]+)?$/i.test(n) &&
    n.indexOf(":") !== n.lastIndexOf(":");
}
function ui(n) {
  return Ma(n.length > 80 ? n.slice(0, 80) + "\u2026" : n);
}
var Ef = /^[\s\u115F\u1160\u2800\u3164\uFFA0]*$/;
function ne(n) {
  let e = n.slice(n.lastIndexOf("/") + 1), t = li(e);
  return Ef.test(t) ? e : t;
}
function vt(n) {
  return n.slice(0, Math.max(0, n.lastIndexOf("/")));
}
function ge(n) {
  let e = Math.floor(n),
    t = [Math.floor(e / 60) % 60, e % 60],
    s = Math.floor(e / 3600);
  return s > 0 && t.unshift(s),
    t.map((r, i) => i === 0 ? String(r) : String(r).padStart(2, "0")).join(":");
}
function Gt(n) {
  let e = Math.floor(n),
    t = [
      ci(Math.floor(e / 3600), "hour"),
      ci(Math.floor(e / 60) % 60, "minute"),
      ci(e % 60, "second"),
    ],
    s = t.findIndex((r) => !r.startsWith("0 "));
  return t.slice(s).join(" ");
}
function ci(n, e) {
  return `${n} ${e}${n === 1 ? "" : "s"}`;
}
function bt(n) {
  let e = ["B", "kB", "MB", "GB", "TB"], t = n, s = 0;
  for (; t >= 999.5 && s < e.length - 1;) t /= 1e3, s++;
  return `${t.toFixed(t < 9.95 && s > 0 ? 1 : 0)} ${e[s]}`;
}
var Sf = { now: "play ", next: "play next ", end: "add " },
  On = class {
    #e;
    #t;
    #n;
    constructor(e, t, s) {
      this.#e = e, this.#t = t, this.#n = s;
    }
    play(e, t) {
      let { group: s, name: r } = e, { place: i = "now", title: o } = t;
      return this.#t.do({
        key: i === "now" ? `play ${s}` : `${i} ${s} ${o}`,
        words: [Sf[i], { name: o }, " on ", { name: r }],
        isReady: () => this.#e.has(s),
        run: async (l) => {
          await this.#n.queue(l, s, t),
            i !== "now" && Ee(["Queued: ", { name: o }]);
        },
      });
    }
    control(e, t) {
      let { group: s } = e, { action: r, value: i } = t;
      return r === "seek" && typeof i == "number" &&
        this.#e.expect("seek", s, i),
        this.#r(s, { name: e.name }, t);
    }
    setVolume(e, t) {
      let s = "group" in e, r = s ? e.group : e.key;
      return this.#e.expect("volume", r, t),
        this.#r(r, { name: e.name }, {
          action: "volume",
          value: t,
          ...s && { group: !0 },
        });
    }
    mute(e, t) {
      return this.#r(e.key, e, { action: "mute", value: t });
    }
    delay(e, t) {
      return this.#r(e.key, e, { action: "delay", value: t });
    }
    group(e, t) {
      return this.#s(
        "group",
        e,
        (s, r) =>
          s.request({
            type: "group",
            devices: r,
            ...t !== void 0 && { name: t },
          }),
      );
    }
    ungroup(e) {
      return this.#s(
        "ungroup",
        e,
        (t, s) => t.request({ type: "ungroup", devices: s }),
      );
    }
    move(e, t) {
      return this.#s(
        "move to",
        t,
        (s, r) => s.request({ type: "move", group: e.group, to: r }),
      );
    }
    async #s(e, t, s) {
      let r = t.flatMap(({ name: i }) => [", ", { name: i }]).slice(1);
      await this.#t.do({
        key: "group",
        words: [`${e} `, ...r],
        run: async (i) => {
          let { refused: o } = await s(i, t.map(({ key: l }) => l));
          for (let { message: l } of o) Ee([{ name: l }]);
        },
      });
    }
    #r(e, { name: t }, s) {
      let { action: r, value: i } = s;
      return this.#t.do({
        key: `${Af[r] ?? r} ${e}`,
        words: [...Mf(r, i), { name: t }],
        isReady: () => this.#e.has(e),
        run: (o) => o.request({ type: "control", to: [e], ...s }),
      });
    }
  },
  Af = {
    pause: "playing",
    resume: "playing",
    stop: "playing",
    next: "song",
    previous: "song",
    jump: "song",
  };
function Mf(n, e) {
  let t = Math.round(Number(e));
  return [
    {
      pause: "pause ",
      resume: "resume ",
      stop: "stop ",
      next: "play the next song on ",
      previous: "play the previous song on ",
      jump: "play another song on ",
      seek: `go to ${ge(Math.max(0, t))} on `,
      volume: `set the volume to ${t} on `,
      mute: e ? "mute " : "unmute ",
      delay: `set the delay to ${t} ms on `,
      repeat: `set repeat to ${e} on `,
      shuffle: `turn shuffle ${e ? "on" : "off"} on `,
    }[n],
  ];
}
async function et(n) {
  let { what: e, bounds: t, ask: s, cursor: r } = n,
    i = [],
    o = new Set(),
    l = 0,
    u;
  for (;;) {
    let c = await s(u);
    for (let h of c.rows) i.push(h), l += La(h);
    if (i.length > t.rows || l > t.characters) {
      throw new g(
        "too-large",
        `Cannot list the ${e}: the server sends more than ${t.rows}, or more than ${t.characters} characters`,
      );
    }
    if (!c.more || c.rows.length === 0) return i;
    if (
      u = c.next ?? r?.(c.rows[c.rows.length - 1]), u === void 0 || o.has(u)
    ) {
      throw new g(
        "bad-message",
        `Cannot list the ${e}: the server sends a page again instead of the next one`,
      );
    }
    o.add(u);
  }
}
function La(n) {
  if (typeof n == "string") return n.length;
  if (typeof n != "object" || n === null) return 0;
  let e = 0;
  for (let t of Object.values(n)) e += La(t);
  return e;
}
var Ua = ["tags", "groups", "live"];
function Ce({ features: n }, e) {
  return n.includes(e);
}
var Of = {
  tags: "know tags",
  groups: "have groups and queues",
  live: "take live sound",
};
async function Tf(n, e) {
  return Ce(await n.welcome, e);
}
async function $a(n, e, t) {
  if (!await Tf(n, e)) {
    throw new g("too-old", `Cannot ${t}: the server is too old to ${Of[e]}`);
  }
}
var Ba = {
  groups: { rows: 65536, characters: 64 * 2 ** 20 },
  entries: { rows: 2e5, characters: 256 * 2 ** 20 },
};
async function ja(n, e) {
  return await $a(n, "groups", "list groups"),
    await et({
      what: "groups",
      bounds: Ba.groups,
      cursor: ({ group: t }) => t,
      ask: async (t) => {
        let { groups: s = [], more: r = !1 } = await n.request({
          type: "groups",
          ...t === void 0 ? e && { watch: e } : { after: t },
        });
        return { rows: s, more: r };
      },
    });
}
async function Ha(n, e) {
  let t = null, s;
  return {
    entries: await et({
      what: "entries of the queue",
      bounds: Ba.entries,
      cursor: ({ entry: i }) => String(i),
      ask: async (i) => {
        let o = await n.request({
          type: "entries",
          group: e,
          ...i !== void 0 && { after: Number(i) },
        });
        if (s !== void 0 && o.revision !== s) {
          throw new g(
            "stale",
            "Cannot list the queue: it changes meanwhile. Try again",
          );
        }
        return { playing: t, revision: s } = o,
          { rows: o.entries, more: o.more };
      },
    }),
    playing: t,
    revision: s ?? 0,
  };
}
function Tn(n, e, t) {
  let s = [], r = null, i = [], o = 0;
  for (let { entry: u } of n.toReversed()) {
    e.has(u)
      ? (i.length === 0 && s.push({ entries: i, before: r }), i.unshift(u), o++)
      : (r = u, i = []);
  }
  return o === e.size && !(t && s.some((u) => u.before === null)) ? s : null;
}
function Ga(n, e) {
  let t = Math.max(0, e - 50), s = [];
  for (let r of wt(n.slice(t))) s.push({ songs: r, index: 0 });
  return Wa(s, e - t);
}
function qa(n, e) {
  return wt(n.slice(0, e)).reverse();
}
function wt(n) {
  let e = [], t = 1 / 0;
  for (let s of n) {
    let r = Ff(s);
    (t + r > 56e3 || e.at(-1).length >= 1e3) && (e.push([]), t = 0),
      e.at(-1).push(s),
      t += r;
  }
  return e;
}
function Wa([n, ...e], t) {
  return n === void 0
    ? []
    : t < n.songs.length
    ? [{ ...n, index: t }, ...e]
    : Wa(e, t - n.songs.length);
}
function Ff(n) {
  return new TextEncoder().encode(JSON.stringify(n)).length + 1;
}
var za = 200,
  Cf = 5e3,
  Fn = class {
    page = x(null);
    #e;
    #t;
    #n;
    #s = x(null);
    #r = 0;
    #i = null;
    constructor(e, t, s) {
      this.#e = e,
        this.#t = t,
        this.#n = s,
        ye(() => {
          let r = this.#o, [i, o] = [this.#i, this.page.peek()];
          if (r === void 0) return;
          i?.group === r.group && i.revision === r.revision
            ? o && o.playing !== r.entry &&
              (this.page.value = { ...o, playing: r.entry })
            : this.#a(r);
        });
    }
    show(e) {
      e !== this.#s.peek() &&
        (this.page.value = this.#i = null, this.#r++, this.#s.value = e);
    }
    async more() {
      let { value: e } = this.page, [t, s] = [this.#o, this.#e.session];
      if (!e?.hasMore || !t || !s) return;
      let r = ++this.#r,
        i = e.entries.at(-1)?.entry,
        o = await this.#u(s, t.group, i);
      if (o === null || r !== this.#r) return;
      if (o.revision !== e.revision) return await this.#a(t);
      let l = [...e.entries, ...o.entries];
      this.page.value = { ...e, entries: l, hasMore: o.hasMore };
    }
    async remove(e) {
      let { value: t } = this.page,
        s = new Set(e),
        r = (t?.entries ?? []).filter((u) => s.has(u.entry)),
        [i] = r,
        o = r.length === 1
          ? ["Removed ", { name: i.title }]
          : [`Removed ${e.length} songs`],
        l = t && Tn(t.entries, s, t.hasMore);
      await this.#c({ action: "remove", entries: [...e] }, {
        shown: (u) => u.filter((c) => !s.has(c.entry)),
        what: o,
        undo: l && (({ group: u }) => this.#h(u, r, l)),
      });
    }
    async move(e, t) {
      let { value: s } = this.page,
        r = new Set(e),
        i = s && Tn(s.entries, r, s.hasMore);
      await this.#c({
        action: "move",
        entries: [...e],
        ...t !== void 0 && { before: t },
      }, {
        shown: (o) => Df(o, r, t),
        what: [e.length === 1 ? "Moved a song" : "Moved the songs"],
        undo: i && (({ group: o }) => this.#f(o, i)),
      });
    }
    async clear() {
      let e = this.#o, t = this.#e.session;
      if (!e || !t) return;
      let s = e.songs <= Cf ? await Ha(t, e.group).catch(() => null) : null,
        r = (s?.entries ?? []).filter((u) => u.entry !== e.entry),
        i = new Set(r.map(({ entry: u }) => u)),
        o = s && Tn(s.entries, i, !1),
        { revision: l } = s ?? e;
      await this.#c({ action: "clear", revision: l }, {
        shown: (u) => u.filter((c) => c.entry === e.entry),
        what: ["Cleared the queue"],
        undo: o && (({ group: u }) => this.#h(u, r, o)),
      });
    }
    get #o() {
      let { value: e } = this.#s;
      if (e !== null) {
        return this.#t.get(e) ??
          this.#t.rows.value?.find(({ was: t }) => t === e);
      }
    }
    async #a(e) {
      let { session: t } = this.#e;
      if (t === null) return;
      let { group: s, revision: r } = e;
      this.#i = { group: s, revision: r };
      let i = ++this.#r,
        o = Math.max(za, this.page.peek()?.entries.length ?? 0),
        l = await this.#u(t, s, void 0, o);
      if (
        l === null && i === this.#r && (this.#i = null),
          l === null || i !== this.#r
      ) return;
      let { playing: u } = l;
      l.hasMore && u !== null && !l.entries.some(({ entry: h }) => h === u) &&
      (l = await this.#l(t, e, u, l)),
        !(l === null || i !== this.#r) && (this.page.value = l);
    }
    async #l(e, { group: t, song: s, title: r, artist: i, seconds: o }, l, u) {
      let c = await this.#u(e, t, l),
        m = {
          ...{ entry: l, song: s ?? "", title: r ?? "", seconds: o },
          ...i !== void 0 && { artist: i },
        };
      return c && { ...u, ...c, entries: [m, ...c.entries] };
    }
    async #u(e, t, s, r = za) {
      try {
        let { entries: i, playing: o, revision: l, more: u, total: c } = await e
          .request({
            type: "entries",
            group: t,
            limit: Math.min(1e3, r),
            ...s !== void 0 && { after: s },
          });
        return { entries: i, playing: o, revision: l, hasMore: u, total: c };
      } catch (i) {
        let { code: o } = M(i);
        return e.failure !== null || ["stale", "not-found"].includes(o) || Z(i),
          null;
      }
    }
    async #c(e, { shown: t, what: s, undo: r }) {
      let i = this.#o;
      if (i === void 0) return;
      let { group: o } = i, { value: l } = this.page;
      l && (this.page.value = { ...l, entries: t(l.entries) }),
        await this.#n.do({
          key: `edit ${o} ${JSON.stringify(e.entries ?? "")}`,
          words: ["edit the queue of ", { name: i.name }],
          isReady: () => this.#t.has(o),
          run: async (u) => {
            try {
              await u.request({ type: "edit", group: o, ...e });
            } catch (c) {
              throw this.#a(i), c;
            }
            Ee(s, r ? { label: "Undo", act: () => r(i) } : void 0);
          },
        });
    }
    #h(e, t, s) {
      return this.#p(e, async (r) => {
        let i = new Map(), o = t.map(({ entry: u }) => u);
        for (let u of wt(t.map(({ song: c }) => c))) {
          let { entry: c } = await r.request({
              type: "queue",
              to: e,
              place: "end",
              songs: u.map((m) => `song:${m}`),
            }),
            h = o.splice(0, u.length);
          for (let [m, p] of h.entries()) i.set(p, c + m);
        }
        await Va(r, e, s, (u) => i.get(u) ?? u);
      });
    }
    #f(e, t) {
      return this.#p(e, (s) => Va(s, e, t));
    }
    #p(e, t) {
      let s = ["undo an edit of the queue"];
      return this.#n.do({ key: `undo ${e}`, words: s, run: t });
    }
  };
async function Va(n, e, t, s = (r) => r) {
  for (let { entries: r, before: i } of t) {
    await n.request({
      type: "edit",
      group: e,
      action: "move",
      entries: r.map(s),
      ...i !== null && { before: s(i) },
    });
  }
}
function Df(n, e, t) {
  let s = n.filter(({ entry: o }) => e.has(o)),
    r = n.filter(({ entry: o }) => !e.has(o)),
    i = r.findIndex(({ entry: o }) => o === t);
  return r.toSpliced(i < 0 ? r.length : i, 0, ...s);
}
async function Xa(n, e, t) {
  let s = new AbortController();
  try {
    let r = await Promise.race([
      hi(n, e),
      e.sleep(1500, s.signal).then(() => null),
    ]);
    return r === null ? null : t / 1e3 - r - e.now();
  } catch {
    return null;
  } finally {
    s.abort();
  }
}
async function hi(n, e) {
  let t = { tookMs: 1 / 0, aheadMs: 0 };
  for (let s = 0; s < 3; s++) {
    let r = e.now(),
      { received: i, sent: o } = await n.request({
        type: "ping",
        time: Math.round(r * 1e3),
      });
    if (i === void 0 || o === void 0) return null;
    let l = e.now() - r;
    if (l >= t.tookMs) continue;
    let u = (i + o) / 2e3 - (r + l / 2);
    t = { tookMs: l, aheadMs: u };
  }
  return t.aheadMs;
}
var Rf = 3e3,
  If = 1,
  Cn = class {
    rows = x(null);
    #e = R(() => new Map((this.rows.value ?? []).map((e) => [e.group, e])));
    #t = R(() =>
      new Map(
        (this.rows.value ?? []).flatMap((e) =>
          e.devices.map(({ key: t }) => [t, e])
        ),
      )
    );
    #n;
    #s = !1;
    #r = x(0);
    #i = new Map();
    #o = 0;
    constructor(e) {
      this.#n = e, this.#r.value = e.now();
    }
    get(e) {
      return this.#e.value.get(e);
    }
    of(e) {
      return this.#t.value.get(e);
    }
    has(e) {
      return this.#s && (this.get(e) ?? this.of(e)) !== void 0;
    }
    positionOf(e) {
      let t = this.#r.value,
        { state: s, position: r, positionAt: i, seconds: o } = e,
        l = this.#i.get(`seek ${e.group}`),
        u = i / 1e3 - this.#o,
        [c, h] = l ? [l.value, l.atMs] : [r, u],
        m = s === "playing" ? Math.max(0, t - h) : 0;
      return Math.min(c + m / 1e3, o ?? 1 / 0);
    }
    volumeOf(e) {
      this.#r.value;
      let t = "group" in e ? e.group : e.key;
      return this.#i.get(`volume ${t}`)?.value ?? e.volume;
    }
    expect(e, t, s) {
      let r = this.#n.now();
      this.#i.set(`${e} ${t}`, { value: s, atMs: r }), this.#r.value = r;
    }
    tick() {
      let e = this.#n.now();
      for (let [t, { atMs: s }] of this.#i) e - s > Rf && this.#i.delete(t);
      this.#r.value = e;
    }
    async watch(e) {
      this.#s = !1;
      let { greeting: t } = e;
      if (!t || !Ce(t, "groups")) {
        this.rows.value = [];
        return;
      }
      let s = new fi();
      e.listen({
        groups: (r) => {
          if (r.changed === void 0) return void this.#a(e, s);
          s.take(r), this.#l(s);
        },
      }), await this.#a(e, s);
    }
    async #a(e, t) {
      let s = t.begin();
      try {
        let [r, i] = await Promise.all([ja(e, !0), hi(e, this.#n)]);
        if (this.#o = i ?? 0, !t.end(s, r)) return;
        this.#l(t);
      } catch (r) {
        e.failure === null && Z(r);
      }
    }
    #l(e) {
      if (e.isWhole) {
        for (let t of e.rows.values()) this.#u(t);
        this.#s = !0, this.rows.value = [...e.rows.values()].sort(Pf);
      }
    }
    #u(e) {
      let { group: t, state: s, position: r, volume: i, devices: o } = e;
      for (let h of [{ key: t, volume: i }, ...o]) {
        let m = `volume ${h.key}`;
        this.#i.get(m)?.value === h.volume && this.#i.delete(m);
      }
      let l = this.#i.get(`seek ${t}`);
      if (l === void 0) return;
      let u = s === "playing" ? e.positionAt / 1e3 - this.#o - l.atMs : 0,
        c = r - l.value - u / 1e3;
      Math.abs(c) < If && this.#i.delete(`seek ${t}`);
    }
  },
  fi = class {
    rows = new Map();
    #e = null;
    #t = 0;
    get isWhole() {
      return this.#e === null;
    }
    begin() {
      return this.#e = new Map(), ++this.#t;
    }
    end(e, t) {
      if (e !== this.#t) return !1;
      this.rows = new Map(t.map((s) => [s.group, s]));
      for (let [s, r] of this.#e ?? []) this.#s(s, r);
      return this.#e = null, !0;
    }
    take({ changed: e = [], gone: t = [] }) {
      for (let s of t) this.#n(s, null);
      for (let s of e) this.#n(s.group, s);
    }
    #n(e, t) {
      this.#e ? this.#e.set(e, t) : this.#s(e, t);
    }
    #s(e, t) {
      t ? this.rows.set(e, t) : this.rows.delete(e);
    }
  },
  Nf = { playing: 0, paused: 1, stopped: 2, away: 3 };
function pi({ devices: n }) {
  return n.every(({ away: e }) => e);
}
function Ka(n) {
  return Nf[pi(n) ? "away" : n.state];
}
function Pf(n, e) {
  return Ka(n) - Ka(e) || n.name.localeCompare(e.name) ||
    (n.group < e.group ? -1 : 1);
}
var di = { rows: 1e6, characters: 128 * 2 ** 20 };
function Ya(n, e) {
  return et({
    what: "songs",
    bounds: di,
    cursor: ({ name: t }) => t,
    ask: async (t) => {
      let { songs: s, more: r } = await n.request({
        type: "list",
        ...e && { match: e },
        ...t !== void 0 && { after: t },
      });
      return { rows: s, more: r };
    },
  });
}
function mi(n, e = new Map()) {
  let t = e,
    s = (r) => {
      let i = t.get(r);
      if (i) return i;
      let o = { path: r, folders: [], songs: [], total: 0 };
      return t.set(r, o), r !== "" && s(vt(r)).folders.push(o), o;
    };
  s("");
  for (let r of n) {
    let i = vt(r.name);
    for (s(i).songs.push(r); s(i).total++, i !== "";) i = vt(i);
  }
  return t;
}
var Dn = class {
  songs = [];
  #e = new Map();
  #t;
  #n = new Map();
  #s = mi([]);
  constructor(e = null) {
    this.#t = e;
  }
  get folders() {
    return this.#s;
  }
  named(e) {
    return this.#e.get(e);
  }
  add(e) {
    let t = e.map((s) => this.#r(s));
    for (let s of t) this.songs.push(s), this.#e.set(s.name, s);
    return this.#s = mi(t, this.#s), t;
  }
  #r(e) {
    let t = this.#i(e), s = this.#t?.named(e.name);
    return s && Lf(s, t) ? s : t;
  }
  #i(e) {
    return {
      name: e.name,
      title: e.title,
      artist: this.#o(e.artist),
      album: this.#o(e.album),
      albumArtist: this.#o(e.albumArtist),
      track: e.track,
      art: e.art,
      seconds: e.seconds,
      bytes: e.bytes,
      etag: e.etag,
      format: e.format,
      problem: e.problem,
      reason: e.reason,
    };
  }
  #o(e) {
    if (e === void 0) return;
    let t = this.#n.get(e);
    return t === void 0 && this.#n.set(e, e), t ?? e;
  }
};
function Lf(n, e) {
  return n.etag === e.etag && n.problem === e.problem &&
    n.seconds === e.seconds && n.art === e.art && n.title === e.title &&
    n.artist === e.artist && n.album === e.album &&
    n.albumArtist === e.albumArtist && n.track === e.track;
}
var Uf = 250,
  $f = 20,
  Rn = class {
    search = x("");
    #e = x(null);
    songs = R(() => this.#e.value?.songs ?? null);
    folders = R(() => this.#e.value?.index.folders ?? null);
    #t;
    #n = !1;
    #s = !1;
    #r = 0;
    constructor(e) {
      this.#t = e;
    }
    named(e) {
      return this.#e.value?.index.named(e);
    }
    async recheck() {
      performance.now() >= this.#r && await this.refresh();
    }
    async refresh() {
      let { session: e } = this.#t;
      if (this.#s = this.#n, e === null || this.#n) return;
      this.#n = !0;
      let t = performance.now();
      try {
        await this.#i(e);
      } catch (s) {
        e.failure === null && Z(s);
      } finally {
        this.#n = !1;
        let s = performance.now();
        this.#r = s + $f * (s - t);
      }
      this.#s && await this.refresh();
    }
    async #i(e) {
      let t = this.#e.peek()?.index ?? null, s = new Dn(t), r = 0;
      await et({
        what: "songs",
        bounds: di,
        ask: async (i) => {
          let { songs: o, more: l, next: u } = await e.request({
              type: "list",
              sort: "natural",
              limit: Uf,
              after: i,
            }),
            c = s.add(o);
          return t === null && s.songs.length >= 2 * r && l &&
            (r = s.songs.length, this.#o(s)),
            { rows: c, more: l, next: u };
        },
      }), this.#o(s);
    }
    #o(e) {
      this.#e.value = { index: e, songs: [...e.songs] };
    }
  };
var tt = {
    u8: {
      full: 128,
      silence: 128,
      read: (n, e) => n.getUint8(e) - 128,
      write: (n, e, t) => n.setUint8(e, Math.round(t) + 128),
    },
    s16le: {
      full: 32768,
      silence: 0,
      read: (n, e) => n.getInt16(e, !0),
      write: (n, e, t) => n.setInt16(e, Math.round(t), !0),
    },
    s24le: {
      full: 8388608,
      silence: 0,
      read: (n, e) => n.getInt8(e + 2) << 16 | n.getUint16(e, !0),
      write: (n, e, t) => {
        let s = Math.round(t);
        n.setUint16(e, s, !0), n.setInt8(e + 2, s >> 16);
      },
    },
    s32le: {
      full: 2147483648,
      silence: 0,
      read: (n, e) => n.getInt32(e, !0),
      write: (n, e, t) => n.setInt32(e, Math.round(t), !0),
    },
    f32le: {
      full: 1,
      silence: 0,
      read: (n, e) => n.getFloat32(e, !0),
      write: (n, e, t) => n.setFloat32(e, t, !0),
    },
    f64le: {
      full: 1,
      silence: 0,
      read: (n, e) => n.getFloat64(e, !0),
      write: (n, e, t) => n.setFloat64(e, t, !0),
    },
    alaw: {
      full: 32768,
      silence: 213,
      read: (n, e) => Bf(n.getUint8(e)),
      write: (n, e, t) => n.setUint8(e, jf(t)),
    },
    mulaw: {
      full: 32768,
      silence: 255,
      read: (n, e) => Hf(n.getUint8(e)),
      write: (n, e, t) => n.setUint8(e, Gf(t)),
    },
  },
  Nn = 128,
  Ja = 85;
function Bf(n) {
  let e = n ^ Ja,
    t = e >> 4 & 7,
    s = e & 15,
    r = t === 0 ? (s << 4) + 8 : (s << 4) + 264 << t - 1;
  return e & Nn ? r : -r;
}
function jf(n) {
  let e = Math.min(Math.abs(n), 32767) >> 4,
    t = Math.max(0, 28 - Math.clz32(e)),
    s = e >> Math.max(0, t - 1) & 15;
  return ((n < 0 ? 0 : Nn) | t << 4 | s) ^ Ja;
}
var In = 132;
function Hf(n) {
  let e = ~n, t = e >> 4 & 7, r = ((e & 15) << 3) + In << t;
  return e & Nn ? In - r : r - In;
}
function Gf(n) {
  let e = Math.min(Math.abs(n) + In, 32767) | 0,
    t = 24 - Math.clz32(e),
    s = e >> t + 3 & 15;
  return ~((n < 0 ? Nn : 0) | t << 4 | s) & 255;
}
function Pn(n, e) {
  return new Uint8Array(e).fill(tt[n.encoding].silence);
}
function yi(n, e) {
  let { read: t, full: s } = tt[n.encoding], r = 0;
  return gi(n, e, (i, o) => {
    let l = Math.abs(t(i, o));
    l > r && (r = l);
  }),
    Math.min(1, r / s);
}
function Qa(n, e, t) {
  if (!(t >= 0 && t <= Za)) {
    throw new RangeError(`Cannot apply gain: ${t}, expected 0 to ${Za}`);
  }
  if (t === 1) return;
  let { read: s, write: r, silence: i, full: o } = tt[n.encoding];
  if (t === 0) {
    e.fill(i, 0, Ue(n, e.length));
    return;
  }
  let l = o === 1 ? 1 / 0 : o, u = o === 1 ? 1 / 0 : o - 1;
  gi(n, e, (c, h) => r(c, h, Math.max(-l, Math.min(u, s(c, h) * t))));
}
var Za = 16;
function el(n, e) {
  let { read: t, full: s } = tt[n.encoding],
    { channels: r } = n,
    i = Ue(n, e.length) / j(n),
    o = Array.from({ length: r }, () => new Float32Array(i)),
    l = 0;
  return gi(n, e, (u, c) => {
    let h = Math.floor(l / r);
    o[l % r][h] = t(u, c) / s, l++;
  }),
    o;
}
function tl(n, e) {
  let { write: t, full: s } = tt[n.encoding],
    [r, i] = s === 1 ? [-1 / 0, 1 / 0] : [-s, s - 1],
    o = n.bits / 8,
    l = new Uint8Array(e.length * o),
    u = new DataView(l.buffer);
  for (let c = 0; c < e.length; c++) {
    let h = e[c] * s;
    t(u, c * o, Math.max(r, Math.min(i, h)));
  }
  return l;
}
function gi(n, e, t) {
  let s = new DataView(e.buffer, e.byteOffset, e.byteLength),
    r = Ue(n, e.length),
    i = n.bits / 8;
  for (let o = 0; o < r; o += i) t(s, o);
}
var nl = 480, pv = 16 * 1024;
var qf = 3,
  sl = { ms: 3e3, times: 5 },
  Ln = class {
    #e = new Map();
    #t = [];
    #n;
    #s = 0;
    constructor(e) {
      this.#n = e;
    }
    of(e) {
      return this.#r(e).peaks;
    }
    watch(e) {
      let t = this.#r(e);
      return t.viewers++,
        !t.wanted && t.peaks.peek() === null &&
        (t.wanted = !0, this.#i(t, e, sl.times)),
        () => t.viewers--;
    }
    #r({ name: e, etag: t }) {
      let s = `${t} ${e}`, r = this.#e.get(s);
      if (r) return r;
      let i = { peaks: x(null), viewers: 0, wanted: !1 };
      return this.#e.set(s, i), i;
    }
    #i(e, t, s) {
      this.#t.push(async () => {
        let { name: r, etag: i } = t;
        e.viewers > 0 && i !== null && (e.peaks.value = await this.#a(r, i));
        let o = e.peaks.peek() === null && e.viewers > 0 && i !== null && s > 0;
        e.wanted = o, o && setTimeout(() => this.#i(e, t, s - 1), sl.ms);
      }), this.#o();
    }
    #o() {
      for (; this.#s < qf && this.#t.length > 0;) {
        this.#s++,
          this.#t.pop()().finally(() => {
            this.#s--, this.#o();
          });
      }
    }
    async #a(e, t) {
      try {
        let s = await fetch(
          `/peaks?${new URLSearchParams({ song: e, etag: t })}`,
          { headers: this.#n.credentials },
        );
        if (!s.ok) return null;
        let r = new Uint8Array(await s.arrayBuffer());
        return r.length === nl ? r : null;
      } catch {
        return null;
      }
    }
  };
function rl({ connection: n, silenced: e, now: t }) {
  let { state: s = null } = t ?? {};
  if (n.state !== "online" && s === null) return { is: "away" };
  if (e) return { is: "silenced" };
  if (t === null) return { is: "idle" };
  if (s === null) return { is: "buffering" };
  let {
    paused: r,
    step: i,
    bufferedSeconds: o,
    positionSeconds: l,
    lengthSeconds: u,
  } = s;
  if (r) return { is: "paused" };
  let c = u !== null && u - l < 1;
  return o <= 0 && !c
    ? { is: "buffering" }
    : { is: "playing", offMs: i ? i.errorUs / 1e3 : null };
}
var Un = class {
  open = x([]);
  show(e) {
    this.open.value = [...this.open.peek(), e];
  }
  close(e) {
    let t = this.open.peek().indexOf(e);
    t >= 0 && (this.open.value = this.open.peek().slice(0, t));
  }
  has(e) {
    return this.open.peek().some((t) => t.kind === e);
  }
};
function il(n) {
  return n instanceof Uint8Array ||
    ArrayBuffer.isView(n) && n.constructor.name === "Uint8Array" &&
      "BYTES_PER_ELEMENT" in n && n.BYTES_PER_ELEMENT === 1;
}
var vi = (n) => n ? `"${n}" ` : "";
function bi(n, e = "") {
  if (typeof n != "number") {
    throw new TypeError(vi(e) + "expected number, got " + typeof n);
  }
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new RangeError(vi(e) + "expected integer >= 0, got " + n);
  }
  return n;
}
function xt(n, e, t = "") {
  if (il(n) && (e === void 0 || n.length === e)) return n;
  e !== void 0 && bi(e, "length");
  let s = il(n),
    r = e !== void 0 ? ` of length ${e}` : "",
    i = s ? `length=${n.length}` : `type=${typeof n}`,
    o = vi(t) + "expected Uint8Array" + r + ", got " + i;
  throw s ? new RangeError(o) : new TypeError(o);
}
function al(n) {
  if (typeof n != "function" || typeof n.create != "function") {
    throw new TypeError("expected hash wrapped by utils.createHasher");
  }
  if (bi(n.outputLen), bi(n.blockLen), n.outputLen < 1 || n.blockLen < 1) {
    throw new Error("hash blockLen / outputLen must be >= 1");
  }
}
var Wf = (n, e) => {
    if (n === null || typeof n != "object" || Array.isArray(n)) {
      throw new TypeError(
        (e === "object" ? "" : `"${e}" `) + "expected object, got type=" +
          typeof n,
      );
    }
  },
  ol = (n, e) => {
    Wf(n, e);
    let t = Object.getPrototypeOf(n);
    if (t !== Object.prototype && t !== null) {
      throw new TypeError(`"${e}" expected plain object`);
    }
    if (Object.hasOwn(n, "__proto__")) {
      throw new TypeError(`"${e}.__proto__" is not allowed`);
    }
  };
function _t(n, e = !0) {
  if (n.destroyed) throw new Error("hash was destroyed");
  if (e && n.finished) throw new Error("digest() was already called");
}
function $n(n, e) {
  xt(n, void 0, "output");
  let t = e.outputLen;
  if (!(n.length >= t)) {
    throw new RangeError('"output" expected length >= ' + t);
  }
}
function qt(...n) {
  for (let e = 0; e < n.length; e++) n[e].fill(0);
}
function Bn(n) {
  return new DataView(n.buffer, n.byteOffset, n.byteLength);
}
function Se(n, e) {
  return n << 32 - e | n >>> e;
}
var zf = typeof Uint8Array.from([]).toHex == "function" &&
    typeof Uint8Array.fromHex == "function",
  Vf = Array.from({ length: 256 }, (n, e) => e.toString(16).padStart(2, "0"));
function ll(n) {
  if (xt(n), zf) return n.toHex();
  let e = "";
  for (let t = 0; t < n.length; t++) e += Vf[n[t]];
  return e;
}
function Xf(n, e, t = "opts") {
  return ol(n, "defaults"),
    e !== void 0 && ol(e, t),
    Object.assign(Object.create(null), n, e);
}
function ul(n, e = {}) {
  if (typeof n != "function") {
    throw new TypeError('"hashCons" expected function, got type=' + typeof n);
  }
  e = Xf({}, e, "info");
  let t = (r, i) => n(i).update(r).digest(), s = n(void 0);
  return t.outputLen = s.outputLen,
    t.blockLen = s.blockLen,
    t.canXOF = s.canXOF,
    t.create = (r) => n(r),
    Object.assign(t, e),
    Object.freeze(t);
}
var cl = (n) => ({
  oid: Uint8Array.from([6, 9, 96, 134, 72, 1, 101, 3, 4, 2, n]),
});
var jn = class {
    oHash;
    iHash;
    blockLen;
    outputLen;
    canXOF = !1;
    finished = !1;
    destroyed = !1;
    constructor(e, t) {
      if (
        al(e),
          xt(t, void 0, "key"),
          this.iHash = e.create(),
          typeof this.iHash.update != "function"
      ) throw new Error("expected Hash instance");
      this.blockLen = this.iHash.blockLen,
        this.outputLen = this.iHash.outputLen;
      let s = this.blockLen, r = new Uint8Array(s);
      r.set(t.length > s ? e.create().update(t).digest() : t);
      for (let i = 0; i < r.length; i++) r[i] ^= 54;
      this.iHash.update(r), this.oHash = e.create();
      for (let i = 0; i < r.length; i++) r[i] ^= 106;
      this.oHash.update(r), qt(r);
    }
    update(e) {
      return _t(this), this.iHash.update(e), this;
    }
    digestInto(e) {
      _t(this), $n(e, this), this.finished = !0;
      let t = e.subarray(0, this.outputLen);
      this.iHash.digestInto(t),
        this.oHash.update(t),
        this.oHash.digestInto(t),
        this.destroy();
    }
    digest() {
      let e = new Uint8Array(this.oHash.outputLen);
      return this.digestInto(e), e;
    }
    _cloneInto(e) {
      e ||= Object.create(Object.getPrototypeOf(this), {});
      let {
        oHash: t,
        iHash: s,
        finished: r,
        destroyed: i,
        blockLen: o,
        outputLen: l,
        canXOF: u,
      } = this;
      return e = e,
        e.finished = r,
        e.destroyed = i,
        e.blockLen = o,
        e.outputLen = l,
        e.canXOF = u,
        e.oHash = t._cloneInto(e.oHash),
        e.iHash = s._cloneInto(e.iHash),
        e;
    }
    clone() {
      return this._cloneInto();
    }
    destroy() {
      this.destroyed = !0, this.oHash.destroy(), this.iHash.destroy();
    }
  },
  hl = (() => {
    let n = (e, t, s) => new jn(e, t).update(s).digest();
    return n.create = (e, t) => new jn(e, t), n;
  })();
var Kf = (n) => n / 2 ** 32 | 0, Yf = (n) => n >>> 0;
function fl(n, e, t, s) {
  let r = Kf(t), i = Yf(t);
  n.setUint32(e, s ? i : r, s), n.setUint32(e + 4, s ? r : i, s);
}
function pl(n, e, t) {
  return n & e ^ ~n & t;
}
function dl(n, e, t) {
  return n & e ^ n & t ^ e & t;
}
var Hn = class {
    blockLen;
    outputLen;
    canXOF = !1;
    padOffset;
    isLE;
    buffer;
    view;
    finished = !1;
    length = 0;
    pos = 0;
    destroyed = !1;
    constructor(e, t, s, r) {
      this.blockLen = e,
        this.outputLen = t,
        this.padOffset = s,
        this.isLE = r,
        this.buffer = new Uint8Array(e),
        this.view = Bn(this.buffer);
    }
    update(e) {
      _t(this), xt(e);
      let { view: t, buffer: s, blockLen: r } = this, i = e.length, o = !1;
      for (let l = 0; l < i;) {
        let u = Math.min(r - this.pos, i - l);
        if (u === r) {
          let c = Bn(e);
          for (; r <= i - l; l += r) this.process(c, l);
          o = !0;
          continue;
        }
        s.set(l === 0 && u === i ? e : e.subarray(l, l + u), this.pos),
          this.pos += u,
          l += u,
          this.pos === r && (this.process(t, 0), this.pos = 0, o = !0);
      }
      return this.length += e.length, o && this.roundClean(), this;
    }
    digestInto(e) {
      _t(this), $n(e, this), this.finished = !0;
      let { buffer: t, view: s, blockLen: r, isLE: i } = this,
        { pos: o } = this;
      t[o++] = 128,
        t.fill(0, o),
        this.padOffset > r - o && (this.process(s, 0), t.fill(0)),
        fl(s, r - 8, this.length * 8, i),
        this.process(s, 0),
        this.roundClean();
      let l = e === t ? s : Bn(e),
        u = this.outputLen,
        c = u / 4,
        h = this.get();
      if (u % 4 || c > h.length) throw new Error("invalid outputLen");
      for (let m = 0; m < c; m++) l.setUint32(4 * m, h[m], i);
    }
    digest() {
      let { buffer: e, outputLen: t } = this;
      this.digestInto(e);
      let s = e.slice(0, t);
      return this.destroy(), s;
    }
    _cloneIntoMeta(e) {
      let { buffer: t, length: s, finished: r, destroyed: i, pos: o } = this;
      return e.destroyed = i,
        e.finished = r,
        e.length = s,
        e.pos = o,
        o && e.buffer.set(t),
        e;
    }
    clone() {
      return this._cloneInto();
    }
  },
  ml = Uint32Array.from([
    1779033703,
    3144134277,
    1013904242,
    2773480762,
    1359893119,
    2600822924,
    528734635,
    1541459225,
  ]);
var Jf = Uint32Array.from([
    1116352408,
    1899447441,
    3049323471,
    3921009573,
    961987163,
    1508970993,
    2453635748,
    2870763221,
    3624381080,
    310598401,
    607225278,
    1426881987,
    1925078388,
    2162078206,
    2614888103,
    3248222580,
    3835390401,
    4022224774,
    264347078,
    604807628,
    770255983,
    1249150122,
    1555081692,
    1996064986,
    2554220882,
    2821834349,
    2952996808,
    3210313671,
    3336571891,
    3584528711,
    113926993,
    338241895,
    666307205,
    773529912,
    1294757372,
    1396182291,
    1695183700,
    1986661051,
    2177026350,
    2456956037,
    2730485921,
    2820302411,
    3259730800,
    3345764771,
    3516065817,
    3600352804,
    4094571909,
    275423344,
    430227734,
    506948616,
    659060556,
    883997877,
    958139571,
    1322822218,
    1537002063,
    1747873779,
    1955562222,
    2024104815,
    2227730452,
    2361852424,
    2428436474,
    2756734187,
    3204031479,
    3329325298,
  ]),
  Ge = new Uint32Array(64),
  wi = class extends Hn {
    A = 0;
    B = 0;
    C = 0;
    D = 0;
    E = 0;
    F = 0;
    G = 0;
    H = 0;
    constructor(e, t) {
      super(64, e, 8, !1),
        this.A = t[0] | 0,
        this.B = t[1] | 0,
        this.C = t[2] | 0,
        this.D = t[3] | 0,
        this.E = t[4] | 0,
        this.F = t[5] | 0,
        this.G = t[6] | 0,
        this.H = t[7] | 0;
    }
    get() {
      let { A: e, B: t, C: s, D: r, E: i, F: o, G: l, H: u } = this;
      return [e, t, s, r, i, o, l, u];
    }
    set(e, t, s, r, i, o, l, u) {
      this.A = e | 0,
        this.B = t | 0,
        this.C = s | 0,
        this.D = r | 0,
        this.E = i | 0,
        this.F = o | 0,
        this.G = l | 0,
        this.H = u | 0;
    }
    _cloneInto(e) {
      return (e ||= new this.constructor()).set(...this.get()),
        this._cloneIntoMeta(e);
    }
    process(e, t) {
      for (let m = 0; m < 16; m++, t += 4) Ge[m] = e.getUint32(t, !1);
      for (let m = 16; m < 64; m++) {
        let p = Ge[m - 15],
          y = Ge[m - 2],
          k = Se(p, 7) ^ Se(p, 18) ^ p >>> 3,
          D = Se(y, 17) ^ Se(y, 19) ^ y >>> 10;
        Ge[m] = D + Ge[m - 7] + k + Ge[m - 16] | 0;
      }
      let { A: s, B: r, C: i, D: o, E: l, F: u, G: c, H: h } = this;
      for (let m = 0; m < 64; m++) {
        let p = Se(l, 6) ^ Se(l, 11) ^ Se(l, 25),
          y = h + p + pl(l, u, c) + Jf[m] + Ge[m] | 0,
          D = (Se(s, 2) ^ Se(s, 13) ^ Se(s, 22)) + dl(s, r, i) | 0;
        h = c, c = u, u = l, l = o + y | 0, o = i, i = r, r = s, s = y + D | 0;
      }
      s = s + this.A | 0,
        r = r + this.B | 0,
        i = i + this.C | 0,
        o = o + this.D | 0,
        l = l + this.E | 0,
        u = u + this.F | 0,
        c = c + this.G | 0,
        h = h + this.H | 0,
        this.set(s, r, i, o, l, u, c, h);
    }
    roundClean() {
      qt(Ge);
    }
    destroy() {
      this.destroyed = !0, this.set(0, 0, 0, 0, 0, 0, 0, 0), qt(this.buffer);
    }
  },
  xi = class extends wi {
    constructor() {
      super(32, ml);
    }
  };
var Gn = ul(() => new xi(), cl(1));
var Zf = 2e3,
  qn = class {
    #e;
    #t = new Map();
    #n = null;
    constructor(e) {
      this.#e = e;
    }
    address({ name: e, etag: t }, s) {
      let r = e.split("/").map(encodeURIComponent).join("/"),
        i = t ? `&etag=${encodeURIComponent(t)}` : "";
      return `/art/${r}?size=${s}${i}${this.#r()}`;
    }
    coverOf(e) {
      let t = this.#t.get(e);
      if (t) return t;
      let s = x(null);
      return this.#t.set(e, s),
        this.#t.size > Zf && this.#t.delete(this.#t.keys().next().value),
        this.#s(e, s),
        s;
    }
    refresh() {
      this.#t.clear();
    }
    async #s(e, t) {
      try {
        let { songs: s } = await this.#e.session.request({
          type: "list",
          album: e,
          limit: 1,
        });
        t.value = s[0] ?? null;
      } catch {
        this.#t.delete(e);
      }
    }
    #r() {
      let { token: e } = this.#e;
      return (this.#n?.token !== e || this.#n === null) &&
        (this.#n = { token: e, query: e ? `&key=${Qf(e)}` : "" }),
        this.#n.query;
    }
  };
function Qf(n) {
  let e = (s) => new TextEncoder().encode(s),
    t = hl(Gn, e(n), e("ondacast read 1"));
  return btoa(String.fromCharCode(...t.subarray(0, 16))).replaceAll("+", "-")
    .replaceAll("/", "_").replaceAll("=", "");
}
var ep = [
  "home",
  "albums",
  "artists",
  "songs",
  "playlists",
  "folders",
  "search",
  "rooms",
];
function yl(n) {
  let [, e, t = ""] = n.split("/"), s = ep.find((r) => r === e);
  return s === void 0 ? { name: "home", what: "" } : { name: s, what: tp(t) };
}
function he({ name: n, what: e }) {
  return n === "home" ? "#/" : `#/${n}${e && `/${encodeURIComponent(e)}`}`;
}
var Wn = class {
  now = x(yl(location.hash));
  #e = new Map();
  constructor() {
    history.scrollRestoration = "manual",
      addEventListener("hashchange", ({ oldURL: e }) => {
        this.#e.set(new URL(e).hash, scrollY), this.#t();
      });
  }
  go(e, t = !1) {
    let s = he(e);
    t ? (history.replaceState(null, "", s), this.#t()) : location.hash = s;
  }
  #t() {
    this.now.value = yl(location.hash);
    let e = this.#e.get(location.hash) ?? 0;
    requestAnimationFrame(() => scrollTo(0, e));
  }
};
function tp(n) {
  try {
    return decodeURIComponent(n);
  } catch {
    return n;
  }
}
var kt = class {
    #e;
    #t = null;
    constructor(e) {
      this.#e = e;
    }
    get bytes() {
      return this.#e;
    }
    grant(e) {
      this.#e = Math.min(this.#e + e, Number.MAX_SAFE_INTEGER),
        this.#e > 0 && this.wake();
    }
    spend(e) {
      if (e > this.#e) {
        throw new RangeError(
          `Cannot spend ${e} bytes of credit: expected at most ${this.#e}`,
        );
      }
      this.#e -= e;
    }
    some() {
      return new Promise((e) => this.whenSome(e));
    }
    whenSome(e) {
      if (this.#e > 0) return e();
      this.#t = e;
    }
    wake() {
      let e = this.#t;
      this.#t = null, e?.();
    }
  },
  zn = class {
    #e;
    #t = 0;
    #n;
    constructor(e) {
      this.#e = this.#n = e;
    }
    get windowBytes() {
      return this.#e;
    }
    used(e) {
      return this.#t += e, this.#t < this.#e / 4 ? 0 : this.all();
    }
    all() {
      let e = this.#t;
      return this.#t = 0, this.#n += e, e;
    }
    received(e) {
      if (e > this.#n) {
        throw new g(
          "bad-frame",
          `Cannot accept ${e} bytes of data: ${this.#n} were granted`,
        );
      }
      this.#n -= e;
    }
    widen(e) {
      let t = Math.max(0, e - this.#e);
      return this.#e += t, this.#n += t, t;
    }
  };
var Vn,
  np = {
    lang: void 0,
    message: void 0,
    abortEarly: void 0,
    abortPipeEarly: void 0,
  };
function vl(n) {
  return !n && !Vn ? np : {
    lang: n?.lang ?? Vn?.lang,
    message: n?.message,
    abortEarly: n?.abortEarly ?? Vn?.abortEarly,
    abortPipeEarly: n?.abortPipeEarly ?? Vn?.abortPipeEarly,
  };
}
var sp;
function rp(n) {
  return sp?.get(n);
}
var ip;
function op(n) {
  return ip?.get(n);
}
var ap;
function lp(n, e) {
  return ap?.get(n)?.get(e);
}
function Xn(n) {
  let e = typeof n;
  return e === "string"
    ? `"${n}"`
    : e === "number" || e === "bigint" || e === "boolean"
    ? `${n}`
    : e === "object" || e === "function"
    ? (n && Object.getPrototypeOf(n)?.constructor?.name) ?? "null"
    : e;
}
function re(n, e, t, s, r) {
  let i = r && "input" in r ? r.input : t.value,
    o = r?.expected ?? n.expects ?? null,
    l = r?.received ?? Xn(i),
    u = {
      kind: n.kind,
      type: n.type,
      input: i,
      expected: o,
      received: l,
      message: `Invalid ${e}: ${o ? `Expected ${o} but r` : "R"}eceived ${l}`,
      requirement: n.requirement,
      path: r?.path,
      issues: r?.issues,
      lang: s.lang,
      abortEarly: s.abortEarly,
      abortPipeEarly: s.abortPipeEarly,
    },
    c = n.kind === "schema",
    h = r?.message ?? n.message ?? lp(n.reference, u.lang) ??
      (c ? op(u.lang) : null) ?? s.message ?? rp(u.lang);
  h !== void 0 && (u.message = typeof h == "function" ? h(u) : h),
    c && (t.typed = !1),
    t.issues ? t.issues.push(u) : t.issues = [u];
}
function bl(n, e) {
  let t = [...new Set(n)];
  return t.length > 1 ? `(${t.join(` ${e} `)})` : t[0] ?? "never";
}
function Ae(n) {
  return n["~standard"] = {
    version: 1,
    vendor: "valibot",
    validate: (e) => n["~run"]({ value: e }, vl()),
  },
    n;
}
function wl(n) {
  if (n.path) {
    let e = "";
    for (let t of n.path) {
      if (typeof t.key == "string" || typeof t.key == "number") {
        e ? e += `.${t.key}` : e += t.key;
      } else return null;
    }
    return e;
  }
  return null;
}
function Kn(n, e) {
  return {
    kind: "validation",
    type: "check",
    reference: Kn,
    async: !1,
    expects: null,
    requirement: n,
    message: e,
    "~run"(t, s) {
      return t.typed && !this.requirement(t.value) && re(this, "input", t, s),
        t;
    },
  };
}
function nt(n, e) {
  return {
    kind: "validation",
    type: "max_length",
    reference: nt,
    async: !1,
    expects: `<=${n}`,
    requirement: n,
    message: e,
    "~run"(t, s) {
      return t.typed && t.value.length > this.requirement &&
        re(this, "length", t, s, { received: `${t.value.length}` }),
        t;
    },
  };
}
function Et(n, e) {
  return {
    kind: "validation",
    type: "min_length",
    reference: Et,
    async: !1,
    expects: `>=${n}`,
    requirement: n,
    message: e,
    "~run"(t, s) {
      return t.typed && t.value.length < this.requirement &&
        re(this, "length", t, s, { received: `${t.value.length}` }),
        t;
    },
  };
}
function _i(n, e) {
  return {
    kind: "validation",
    type: "min_value",
    reference: _i,
    async: !1,
    expects: `>=${n instanceof Date ? n.toJSON() : Xn(n)}`,
    requirement: n,
    message: e,
    "~run"(t, s) {
      return t.typed && !(t.value >= this.requirement) &&
        re(this, "value", t, s, {
          received: t.value instanceof Date ? t.value.toJSON() : Xn(t.value),
        }),
        t;
    },
  };
}
function Wt(n, e) {
  return {
    kind: "validation",
    type: "regex",
    reference: Wt,
    async: !1,
    expects: `${n}`,
    requirement: n,
    message: e,
    "~run"(t, s) {
      return t.typed && !this.requirement.test(t.value) &&
        re(this, "format", t, s),
        t;
    },
  };
}
var up = { abortEarly: !0 };
function xl(n, e, t) {
  return typeof n.fallback == "function" ? n.fallback(e, t) : n.fallback;
}
function _l(n, e) {
  return Ae({
    ...n,
    fallback: e,
    "~run"(t, s) {
      let r = n["~run"](t, s);
      return r.issues ? { typed: !0, value: xl(this, r, s) } : r;
    },
  });
}
function ki(n, e, t) {
  return typeof n.default == "function" ? n.default(e, t) : n.default;
}
function Yn(n, e) {
  return !n["~run"]({ value: e }, up).issues;
}
function P(n, e) {
  return Ae({
    kind: "schema",
    type: "array",
    reference: P,
    expects: "Array",
    async: !1,
    item: n,
    message: e,
    "~run"(t, s) {
      let r = t.value;
      if (Array.isArray(r)) {
        t.typed = !0, t.value = [];
        for (let i = 0; i < r.length; i++) {
          let o = r[i], l = this.item["~run"]({ value: o }, s);
          if (l.issues) {
            let u = {
              type: "array",
              origin: "value",
              input: r,
              key: i,
              value: o,
            };
            for (let c of l.issues) {
              c.path ? c.path.unshift(u) : c.path = [u], t.issues?.push(c);
            }
            if (t.issues || (t.issues = l.issues), s.abortEarly) {
              t.typed = !1;
              break;
            }
          }
          l.typed || (t.typed = !1), t.value.push(l.value);
        }
      } else re(this, "type", t, s);
      return t;
    },
  });
}
function ve(n) {
  return Ae({
    kind: "schema",
    type: "boolean",
    reference: ve,
    expects: "boolean",
    async: !1,
    message: n,
    "~run"(e, t) {
      return typeof e.value == "boolean"
        ? e.typed = !0
        : re(this, "type", e, t),
        e;
    },
  });
}
function Jn(n, e) {
  return Ae({
    kind: "schema",
    type: "custom",
    reference: Jn,
    expects: "unknown",
    async: !1,
    check: n,
    message: e,
    "~run"(t, s) {
      return this.check(t.value) ? t.typed = !0 : re(this, "type", t, s), t;
    },
  });
}
function X(n, e) {
  return Ae({
    kind: "schema",
    type: "nullable",
    reference: X,
    expects: `(${n.expects} | null)`,
    async: !1,
    wrapped: n,
    default: e,
    "~run"(t, s) {
      return t.value === null &&
          (this.default !== void 0 && (t.value = ki(this, t, s)),
            t.value === null)
        ? (t.typed = !0, t)
        : this.wrapped["~run"](t, s);
    },
  });
}
function I(n, e) {
  return Ae({
    kind: "schema",
    type: "object",
    reference: I,
    expects: "Object",
    async: !1,
    entries: n,
    message: e,
    "~run"(t, s) {
      let r = t.value;
      if (r && typeof r == "object") {
        t.typed = !0, t.value = {};
        for (let i in this.entries) {
          let o = this.entries[i];
          if (
            i in r ||
            (o.type === "exact_optional" || o.type === "optional" ||
                o.type === "nullish") && o.default !== void 0
          ) {
            let l = i in r ? r[i] : ki(o), u = o["~run"]({ value: l }, s);
            if (u.issues) {
              let c = {
                type: "object",
                origin: "value",
                input: r,
                key: i,
                value: l,
              };
              for (let h of u.issues) {
                h.path ? h.path.unshift(c) : h.path = [c], t.issues?.push(h);
              }
              if (t.issues || (t.issues = u.issues), s.abortEarly) {
                t.typed = !1;
                break;
              }
            }
            u.typed || (t.typed = !1), t.value[i] = u.value;
          } else if (o.fallback !== void 0) t.value[i] = xl(o);
          else if (
            o.type !== "exact_optional" && o.type !== "optional" &&
            o.type !== "nullish" &&
            (re(this, "key", t, s, {
              input: void 0,
              expected: `"${i}"`,
              path: [{
                type: "object",
                origin: "key",
                input: r,
                key: i,
                value: r[i],
              }],
            }),
              s.abortEarly)
          ) break;
        }
      } else re(this, "type", t, s);
      return t;
    },
  });
}
function d(n, e) {
  return Ae({
    kind: "schema",
    type: "optional",
    reference: d,
    expects: `(${n.expects} | undefined)`,
    async: !1,
    wrapped: n,
    default: e,
    "~run"(t, s) {
      return t.value === void 0 &&
          (this.default !== void 0 && (t.value = ki(this, t, s)),
            t.value === void 0)
        ? (t.typed = !0, t)
        : this.wrapped["~run"](t, s);
    },
  });
}
function Q(n, e) {
  return Ae({
    kind: "schema",
    type: "picklist",
    reference: Q,
    expects: bl(n.map(Xn), "|"),
    async: !1,
    options: n,
    message: e,
    "~run"(t, s) {
      return this.options.includes(t.value)
        ? t.typed = !0
        : re(this, "type", t, s),
        t;
    },
  });
}
function z(n) {
  return Ae({
    kind: "schema",
    type: "string",
    reference: z,
    expects: "string",
    async: !1,
    message: n,
    "~run"(e, t) {
      return typeof e.value == "string" ? e.typed = !0 : re(this, "type", e, t),
        e;
    },
  });
}
function gl(n) {
  let e;
  if (n) {
    for (let t of n) {
      if (e) { for (let s of t.issues) e.push(s); }
      else e = t.issues;
    }
  }
  return e;
}
function st(n, e) {
  return Ae({
    kind: "schema",
    type: "union",
    reference: st,
    expects: bl(n.map((t) => t.expects), "|"),
    async: !1,
    options: n,
    message: e,
    "~run"(t, s) {
      let r, i, o;
      for (let l of this.options) {
        let u = l["~run"]({ value: t.value }, s);
        if (u.typed) {
          if (u.issues) i ? i.push(u) : i = [u];
          else {
            r = u;
            break;
          }
        } else o ? o.push(u) : o = [u];
      }
      if (r) return r;
      if (i) {
        if (i.length === 1) return i[0];
        re(this, "type", t, s, { issues: gl(i) }), t.typed = !0;
      } else {
        if (o?.length === 1) return o[0];
        re(this, "type", t, s, { issues: gl(o) });
      }
      return t;
    },
  });
}
function ie(...n) {
  return Ae({
    ...n[0],
    pipe: n,
    "~run"(e, t) {
      for (let s of n) {
        if (s.kind !== "metadata") {
          if (
            e.issues && (s.kind === "schema" || s.kind === "transformation")
          ) {
            e.typed = !1;
            break;
          }
          (!e.issues || !t.abortEarly && !t.abortPipeEarly) &&
            (e = s["~run"](e, t));
        }
      }
      return e;
    },
  });
}
function kl(n, e, t) {
  let s = n["~run"]({ value: e }, vl(t));
  return {
    typed: s.typed,
    success: !s.issues,
    output: s.value,
    issues: s.issues,
  };
}
var oe = 4, El = 16777215, Sl = 1 << 20;
var es = 1 << 20, $e = { data: 0, message: 1 }, Al = new Uint8Array(oe);
function zt(n, e, t, s) {
  if (!Number.isInteger(s) || s < 0 || s > El) {
    throw new RangeError(
      `Cannot frame a payload of ${s} bytes: expected 0 to ${El}`,
    );
  }
  n[e] = t, n[e + 1] = s >>> 16, n[e + 2] = s >>> 8, n[e + 3] = s;
}
function Ml(n, e) {
  let t = new Uint8Array(oe + e.length);
  return zt(t, 0, n, e.length), t.set(e, oe), t;
}
var Qn = class {
    #e;
    #t;
    #n;
    #s;
    #r;
    #i = 0;
    #o = 0;
    #a = 0;
    #l = 0;
    #u = Zn;
    #c = 0;
    constructor(e, t) {
      this.#e = e,
        this.#t = t.maxMessageBytes,
        this.#n = t.maxDataBytes ?? 1 / 0,
        this.#s = t.plain ?? !1,
        this.#r = t.reusesMemory ?? !1;
    }
    get atFrameStart() {
      return this.#o === 0 && this.#l === 0;
    }
    push(e, t = e.length) {
      let s = 0;
      for (; s < t;) {
        if (this.#l === 0) {
          s = this.#h(e, s, t);
          continue;
        }
        let r = Math.min(s + this.#l, t), i = e.subarray(s, r);
        this.#l -= r - s,
          s = r,
          this.#a === $e.data ? this.#e.data(i) : this.#p(i);
      }
    }
    #h(e, t, s) {
      return this.#o === 0 && s - t >= oe
        ? (this.#f(e[t], cp(e, t + 1)), t + oe)
        : (this.#i = this.#i << 8 | e[t],
          ++this.#o === oe &&
          (this.#o = 0, this.#f(this.#i >>> 24, this.#i & 16777215)),
          t + 1);
    }
    #f(e, t) {
      if (
        this.#s && (t += e * 2 ** 24, e = $e.data),
          this.#a = e,
          this.#l = t,
          e === $e.data
      ) {
        if (t > this.#n) {
          throw new g(
            "bad-frame",
            `Cannot read a data frame of ${t} bytes: expected at most ${this.#n}`,
          );
        }
        t === 0 && this.#e.dataEnd();
      } else {
        if (e !== $e.message) {
          throw new g(
            "bad-frame",
            `Cannot read a frame of type ${e}: expected 0 (data) or 1 (message)`,
          );
        }
        if (t > this.#t) {
          throw new g(
            "bad-frame",
            `Cannot read a message of ${t} bytes: expected at most ${this.#t}`,
          );
        }
        t === 0 && this.#e.message(Zn);
      }
    }
    #p(e) {
      if (this.#l === 0 && this.#c === 0) {
        this.#u = Zn, this.#e.message(e);
        return;
      }
      if (this.#d(e), this.#l > 0) return;
      let t = this.#u.subarray(0, this.#c);
      this.#c = 0, this.#r || (this.#u = Zn), this.#e.message(t);
    }
    #d(e) {
      let t = this.#c + e.length;
      if (t > this.#u.length) {
        let s = new Uint8Array(Math.max(t, this.#u.length * 2));
        s.set(this.#u.subarray(0, this.#c)), this.#u = s;
      }
      this.#u.set(e, this.#c), this.#c = t;
    }
  },
  Zn = new Uint8Array(0);
function cp(n, e) {
  return n[e] << 16 | n[e + 1] << 8 | n[e + 2];
}
function ts(n, e, t) {
  if (n.length > 2 * t) return !1;
  if (n.length <= t && n.length >= 2 * e) return !0;
  let s = [...n].length;
  return s >= e && s <= t;
}
var [hp, fp, pp, dp, mp, yp] = new TextEncoder().encode('"\\[]{}');
function Ol(n, e) {
  if (n.length <= 2 * e) return !1;
  let t = 0, s = !1;
  for (let r = 0; r < n.length; r++) {
    let i = n[r];
    if (i === hp) s = !s;
    else if (s) i === fp && r++;
    else if (i === mp || i === pp) { if (++t > e) return !0; }
    else (i === yp || i === dp) && t--;
  }
  return !1;
}
function C(n) {
  return { fields: I(n) };
}
function N(n, e) {
  return { fields: I(e), answer: n };
}
function De(n, e) {
  return { fields: I(e), rows: n };
}
var gp = Symbol("next");
var vp = new WeakMap();
function Tl(n, e) {
  return vp.set(n, e), n;
}
function We(n, e) {
  return Tl(
    Jn(
      (t) => typeof t == "string" && ts(t, n, e),
      `expected a text of ${n} to ${e} characters`,
    ),
    { type: "string", minLength: n, maxLength: e },
  );
}
function ns(n, e, t = { type: "number" }) {
  return Tl(Jn((s) => typeof s == "number" && n(s), `expected ${e}`), t);
}
function ss(n, e) {
  return ns((t) => t >= n && t <= e, `a number from ${n} to ${e}`, {
    type: "number",
    minimum: n,
    maximum: e,
  });
}
function fe(n, e) {
  return ns(
    (t) => Number.isInteger(t) && t >= n && t <= e,
    `a whole number from ${n} to ${e}`,
    { type: "integer", minimum: n, maximum: e },
  );
}
var W = ns(Number.isFinite, "a finite number"),
  v = fe(0, Number.MAX_SAFE_INTEGER),
  pe = ns((n) => n >= 0 && n < 1 / 0, "a time from 0 on", {
    type: "number",
    minimum: 0,
  }),
  Fl = 1024,
  se = We(0, Fl);
var St = 1e3, $ = z(), Ei = ve(), Si = d(fe(1, St)), rt = d(se);
function Cl(n) {
  return _l(d(Q(n)), void 0);
}
var Dl = {
    match: rt,
    after: d($),
    limit: Si,
    album: rt,
    artist: rt,
    genre: rt,
    folder: d($),
    selection: d($),
    sort: Cl(["natural", "album", "added", "title"]),
  },
  Rl = {
    file: d(I({ bytes: v, sha256: d($) })),
    codec: d($),
    reason: d($),
    estimated: d(Ei),
    title: d($),
    artist: d($),
    album: d($),
    albumArtist: d($),
    track: d(v),
    disc: d(v),
    year: d(v),
    genre: d($),
    added: d(v),
    art: d(Ei),
    gain: d(I({ track: d(W), album: d(W), peak: d(W) })),
  },
  Il = {
    albums: {
      ...N("albums", {
        match: rt,
        artist: rt,
        after: d($),
        limit: Si,
        sort: Cl(["album", "artist", "year", "added"]),
      }),
      feature: "tags",
    },
    artists: {
      ...N("artists", { match: rt, after: d($), limit: Si }),
      feature: "tags",
    },
    playlists: { ...N("playlists", {}), feature: "tags" },
    remove: { ...N("removed", { song: $, etag: se }), feature: "tags" },
    restore: { ...N("restored", { song: $ }), feature: "tags" },
  },
  bp = ie(W, _i(0)),
  Nl = {
    removed: C({ song: $ }),
    restored: C({ song: $, etag: $ }),
    albums: De("albums", {
      albums: P(
        I({
          key: $,
          album: $,
          artist: $,
          year: d(v),
          songs: v,
          seconds: bp,
          art: Ei,
          added: v,
        }),
      ),
      next: d($),
      total: v,
    }),
    artists: De("artists", {
      artists: P(I({ artist: $, albums: v, songs: v })),
      next: d($),
      total: v,
    }),
    playlists: De("playlists", {
      playlists: P(I({ name: $, songs: v, missing: v })),
    }),
  };
var wp = 1e3, xp = 1e4;
var L = z(),
  be = ve(),
  Pl = d(fe(1, St)),
  Ul = ie(P(se), Et(1), nt(wp)),
  rs = st([se, Ul]),
  Ai = Q(["off", "all", "one"]),
  _p = ie(P(v), Et(1), nt(xp)),
  Vt = P(I({ to: L, code: L, message: L })),
  Mi = ["pause", "resume", "stop", "seek", "volume"],
  $l = ["mute", "delay"],
  kp = Q(Mi);
function Bl(n) {
  return Yn(kp, n);
}
var Oi = Q([...Mi, ...$l]),
  jl = Q([...Mi, ...$l, "next", "previous", "jump", "repeat", "shuffle"]),
  Hl = st([W, be]),
  Gl = st([W, be, Ai]),
  ql = { group: d(be), relative: d(be), entry: d(v) },
  Ti = I({
    errorUs: W,
    grade: Q(["exact", "approximate"]),
    rttUs: W,
    leadMs: ss(0, 6e4),
  }),
  Wl = { group: d(L), entry: d(v), follows: d(v) },
  Ep = I({
    key: L,
    name: L,
    volume: W,
    muted: be,
    delay: W,
    away: d(be),
    step: d(Ti),
    problem: d(L),
  }),
  Ll = I({
    group: L,
    name: L,
    devices: P(Ep),
    state: Q(["playing", "paused", "stopped"]),
    entry: X(v),
    song: X(L),
    title: X(L),
    artist: d(L),
    art: d(be),
    position: pe,
    positionAt: W,
    seconds: X(pe),
    songs: v,
    revision: v,
    repeat: Ai,
    shuffle: be,
    volume: W,
    problem: d(L),
    by: d(L),
    was: d(L),
    node: d(L),
  }),
  zl = {
    queue: {
      ...N("queued", {
        to: rs,
        songs: Ul,
        place: d(Q(["now", "next", "end"])),
        index: d(v),
        from: d(pe),
        shuffle: d(be),
        repeat: d(Ai),
      }),
      feature: "groups",
    },
    group: {
      ...N("grouped", { devices: rs, name: d(We(1, 64)) }),
      feature: "groups",
    },
    ungroup: { ...N("grouped", { devices: rs }), feature: "groups" },
    move: { ...N("grouped", { group: se, to: rs }), feature: "groups" },
    groups: {
      ...N("groups", { after: d(L), limit: Pl, watch: d(be) }),
      feature: "groups",
    },
    entries: {
      ...N("entries", { group: se, after: d(v), limit: Pl }),
      feature: "groups",
    },
    edit: {
      ...N("edited", {
        group: se,
        revision: d(v),
        action: Q(["remove", "move", "clear"]),
        entries: d(_p),
        before: d(v),
      }),
      feature: "groups",
    },
    rejoin: { ...C({}), feature: "groups" },
  },
  Vl = {
    queued: C({ group: L, entry: X(v), songs: v, revision: v, refused: Vt }),
    grouped: C({ group: L, devices: P(L), refused: Vt }),
    groups: De("groups", {
      groups: d(P(Ll)),
      more: d(be),
      total: d(v),
      changed: d(P(Ll)),
      gone: d(P(L)),
    }),
    entries: De("entries", {
      group: L,
      revision: v,
      entries: P(
        I({
          entry: v,
          song: L,
          title: L,
          artist: d(L),
          seconds: X(pe),
          problem: d(L),
        }),
      ),
      playing: X(v),
      more: be,
      total: v,
    }),
    edited: C({ revision: v }),
    line: C({ stream: v, frame: v, at: X(W), since: d(W) }),
  };
var Fi = ie(z(), Wt(/^[0-9a-f]{64}$/)),
  Ci = I({ name: We(1, 64), address: We(1, 300), random: Fi }),
  Xl = I({ ...Ci.entries, proof: Fi }),
  Kl = { prove: N("proved", { proof: Fi }), places: N("places", {}) },
  Yl = {
    proved: C({}),
    places: C({
      places: P(
        I({
          node: z(),
          address: z(),
          state: Q(["here", "alive", "dead", "refused"]),
          reason: d(z()),
          devices: v,
          songs: v,
        }),
      ),
      connected: ve(),
    }),
  };
var Sp = Object.keys(mt),
  Jl = {
    encoding: Q(Sp),
    rate: fe(1, Number.MAX_SAFE_INTEGER),
    channels: fe(1, 64),
    bits: W,
    validBits: d(v),
    channelMask: d(fe(0, 2 ** 32 - 1)),
  },
  Zl = ({ encoding: n, bits: e }) => e === mt[n],
  Di = ie(I({ ...Jl, dataOffset: v, dataBytes: X(v) }), Kn((n) => Zl(n))),
  Ap = 64 * 1024,
  Ql = ie(
    I({ ...Jl, rate: fe(1, 768e3), dataOffset: d(fe(0, Ap)) }),
    Kn((n) => Zl(n)),
  ),
  Ri = I({
    key: z(),
    id: z(),
    name: z(),
    receiving: ve(),
    unverified: d(ve()),
    node: d(z()),
    state: I({
      doing: Q(["idle", "waiting", "playing", "paused"]),
      song: d(z()),
      position: d(pe),
      volume: d(W),
      underruns: d(v),
      problem: d(z()),
    }),
  });
var Xt = 1;
var tu = 0,
  nu = .5,
  T = z(),
  Me = ve(),
  Be = W,
  Mp = fe(1, St),
  At = ie(z(), Wt(/^[0-9a-f]{64}$/i)),
  Op = ie(P(se), nt(64)),
  Tp = We(1, 64),
  eu = ie(P(se), Et(1), nt(St)),
  Fp = I({
    name: T,
    bytes: X(v),
    seconds: X(pe),
    etag: X(T),
    sha256: d(At),
    format: X(Di),
    problem: d(T),
    live: d(Me),
    ...Rl,
    node: d(T),
    content: d(At),
  }),
  su = {
    hello: N("welcome", {
      version: Be,
      name: T,
      device: Tp,
      window: v,
      features: d(Op),
      token: d(se),
      receive: d(Me),
      peer: d(Ci),
    }),
    ...Kl,
    ...Il,
    ...zl,
    list: N("songs", Dl),
    play: N("start", {
      song: T,
      from: d(pe),
      offset: d(v),
      bytes: d(v),
      etag: d(se),
    }),
    stop: N("stopped", { stream: d(v) }),
    grant: C({ bytes: v }),
    upload: N("ready", { song: T, bytes: d(v), sha256: d(At), replace: d(Me) }),
    live: { ...N("ready", { name: T, format: Ql }), feature: "live" },
    end: C({ bytes: v, sha256: At }),
    receive: N("receiving", { on: Me }),
    cast: N("casting", { song: T, to: eu, from: d(pe), together: d(Me) }),
    control: N("controlled", {
      to: st([se, eu]),
      action: jl,
      value: d(Gl),
      ...ql,
    }),
    state: C({
      stream: v,
      position: pe,
      playing: Me,
      volume: ss(0, 100),
      underruns: v,
      problem: d(se),
      step: d(Ti),
    }),
    online: N("online", { after: d(T), limit: d(Mp), watch: d(Me) }),
    ping: N("pong", { time: d(Be) }),
    pong: C({ time: d(Be) }),
    bye: C({}),
  },
  is = {
    welcome: C({
      version: Be,
      you: T,
      key: T,
      server: T,
      serverId: d(T),
      clock: T,
      features: P(T),
      services: P(I({ key: T, title: T, type: T })),
      online: P(Ri),
      total: v,
      peer: d(Xl),
      also: d(P(T)),
    }),
    ...Yl,
    ...Nl,
    ...Vl,
    songs: De("songs", { songs: P(Fp), more: Me, next: d(T) }),
    online: De("clients", { clients: P(Ri), more: Me, total: v }),
    start: C({
      stream: v,
      song: T,
      etag: X(T),
      offset: v,
      bytes: X(v),
      format: Di,
      from: pe,
      sha256: d(At),
      by: d(T),
      at: d(Be),
      ...Wl,
    }),
    end: C({ stream: v, sha256: d(At) }),
    stopped: C({ stream: v, reason: T, code: d(T) }),
    ready: C({ window: v }),
    stored: C({ song: T, etag: T }),
    casting: C({ to: P(T), refused: Vt }),
    receiving: C({ on: Me }),
    controlled: C({ to: d(P(T)), refused: d(Vt) }),
    control: C({ action: Oi, value: d(Hl), stream: d(v), by: d(T) }),
    grant: C({ bytes: v }),
    ping: C({ time: d(Be) }),
    pong: C({ time: d(Be), received: d(Be), sent: d(Be) }),
    error: C({ code: T, message: T, fatal: d(Me) }),
  };
function ru({ type: n, fields: e }) {
  return Object.hasOwn(is, n)
    ? n !== "control" || typeof e.action != "string" || Yn(Oi, e.action)
    : !1;
}
var xb = 32 * 1024,
  Cp = new TextDecoder("utf-8", { fatal: !0 }),
  iu = new TextEncoder(),
  Ii = new Uint8Array(oe + es);
function lu(n, e = 1 / 0) {
  let t = Dp(n, e), { type: s } = t;
  if (typeof s != "string") {
    throw Mt("Cannot read a message: it has no string `type`");
  }
  return Rp(s, t);
}
function Dp(n, e) {
  if (!Ol(n, e)) return Np(n);
  throw Mt(
    `Cannot read a message: expected at most ${e} objects and lists in each other`,
  );
}
function Rp(n, e) {
  let { id: t, re: s } = e, r = { type: n, fields: e };
  if (!ou(t)) throw au(r, "id");
  if (!ou(s)) throw au(r, "re");
  return { ...r, id: t, re: s };
}
function uu(n, e) {
  if (!Object.hasOwn(n, e.type)) {
    throw new g(
      "unknown-type",
      `Cannot accept a message of type ${
        JSON.stringify(e.type.slice(0, 64))
      }: expected ${Object.keys(n).join(", ")}`,
    );
  }
  cu(e);
  let t = kl(n[e.type].fields, e.fields, { abortEarly: !0 });
  if (!t.success) {
    let [r] = t.issues;
    throw Mt(`Cannot accept ${e.type}: field ${wl(r) ?? "?"}: ${r.message}`);
  }
  let s = t.output;
  return s.type = e.type,
    e.id !== void 0 && (s.id = e.id),
    e.re !== void 0 && (s.re = e.re),
    s;
}
function cu({ type: n, fields: { version: e } }) {
  if (n === "hello" && !(typeof e != "number" || e === Xt)) {
    throw new g("version", `Cannot speak version ${e}: expected ${Xt}`);
  }
}
function hu(n) {
  return Ip(JSON.stringify(n));
}
function Ip(n) {
  let e = Ii.subarray(oe), { read: t, written: s } = iu.encodeInto(n, e);
  return t < n.length
    ? Ml($e.message, iu.encode(n))
    : (zt(Ii, 0, $e.message, s), Ii.slice(0, oe + s));
}
function Np(n) {
  let e;
  try {
    e = JSON.parse(Cp.decode(n));
  } catch (t) {
    throw Mt(`Cannot read a message: ${Hr(t).slice(0, 200)}`, t);
  }
  if (typeof e != "object" || e === null || Array.isArray(e)) {
    throw Mt("Cannot read a message: expected a JSON object");
  }
  return e;
}
function ou(n) {
  return n === void 0 || Number.isSafeInteger(n) ||
    typeof n == "string" && ts(n, 0, 64);
}
function au(n, e) {
  return cu(n),
    Mt(
      `Cannot read a message: field ${e}: expected a whole number within 2^53 or a string of at most 64 characters`,
    );
}
function Mt(n, e) {
  return new g("bad-message", n, { cause: e });
}
var Pp = 256 * 1024,
  Lp = 1e3,
  os = class {
    transport;
    #e;
    #t;
    #n = Promise.resolve();
    #s = 0;
    #r = 0;
    #i = 0;
    #o = 0;
    #a = null;
    #l = !1;
    #u = null;
    #c = null;
    heardAtMs;
    spokeAtMs;
    constructor(e, t, s = { sentBytes: 0, receivedBytes: 0 }) {
      this.transport = e,
        this.#e = t,
        this.#t = s,
        this.heardAtMs = this.spokeAtMs = t.now();
    }
    listen(e) {
      this.#c = e;
    }
    get broken() {
      return this.#a !== null;
    }
    get waitingBytes() {
      return this.#i;
    }
    get crowded() {
      return this.#i + this.#o > Pp && !this.broken;
    }
    read(e) {
      return this.#u = this.transport.read(e);
    }
    heard(e) {
      this.#t.receivedBytes += e, this.heardAtMs = this.#e.now();
    }
    send(e) {
      this.sendMessageFrame(hu(e));
    }
    sendMessageFrame(e) {
      this.#i += e.length,
        this.#h(e).catch(() => {}).finally(() => {
          this.#i -= e.length, this.#i === 0 && this.#c?.drained();
        });
    }
    sendFrames(e) {
      if (this.#s === 0) return this.#h(e);
      let { length: t } = e;
      return this.#o += t, this.#h(e, () => this.#o -= t);
    }
    #h(e, t = Up) {
      if (this.#l) {
        return t(),
          Promise.reject(
            new g("lost", "Cannot send: the connection is closing"),
          );
      }
      if (this.spokeAtMs = this.#e.now(), this.#s++ === 0) {
        return this.#n = this.#p(e);
      }
      let s = () => (t(), this.#p(e));
      return this.#n = this.#n.then(s, s);
    }
    async relieved() {
      for (; this.crowded;) await this.#n.catch(() => {});
    }
    async closeAfterSending() {
      this.#l = !0;
      let e = new AbortController();
      try {
        await Promise.race([this.#f(), this.#e.sleep(Lp, e.signal)]);
      } finally {
        e.abort(), this.transport.close();
      }
    }
    async #f() {
      try {
        await this.#n, await this.transport.closeWrite();
        let e = new Uint8Array(4096), t = this.#u ?? this.transport.read(e);
        for (; await t !== null;) t = this.transport.read(e);
      } catch {}
    }
    #p(e) {
      return this.#a !== null
        ? (this.#s--, Promise.reject(this.#a))
        : (this.#r = e.length, this.transport.write(e).then(this.#d, this.#g));
    }
    #d = () => {
      this.#s--, this.#t.sentBytes += this.#r;
    };
    #g = (e) => {
      throw this.#s--, this.#a = e, this.transport.close(), e;
    };
  };
function Up() {}
var as = class {
  session;
  start;
  listener = null;
  #e = !1;
  #t;
  constructor(e, t) {
    this.session = e, this.start = t;
  }
  get isComplete() {
    return this.#e;
  }
  get isOver() {
    return this.listener === null;
  }
  get sha256() {
    return this.#t;
  }
  used(e) {
    this.session.failure === null && this.session.used(e);
  }
  drop() {
    this.listener = null;
  }
  stop() {
    let { stream: e } = this.start;
    this.drop(),
      this.session.request({ type: "stop", stream: e }).catch(() => {});
  }
  receive(e) {
    this.listener && !this.#e ? this.listener.data(e) : this.used(e.length);
  }
  complete() {
    this.#e || (this.#e = !0, this.listener?.end());
  }
  completeIf(e) {
    e === this.start.stream && this.complete();
  }
  ending(e) {
    this.#t = e.sha256;
  }
  stopped(e) {
    this.listener?.stopped(e);
  }
  displace() {
    this.listener?.displaced();
  }
};
var fu = "nothing heard for 20 s";
function pu(n, e, t) {
  let s = e - Math.max(n.heardAtMs, t);
  return s >= 2e4
    ? "gone"
    : Math.max(s, e - (n.spokeAtMs ?? e)) >= 1e4 && e - n.pingedAtMs >= 1e4
    ? "ping"
    : "alive";
}
var ls = class {
  #e;
  #t;
  #n;
  constructor(e, t) {
    this.#e = e, this.#t = this.#n = t;
  }
  check(e) {
    return e - this.#t - this.#e >= 1e3 && (this.#n = e), this.#t = e, this.#n;
  }
};
var du = 1e3;
async function mu(n, e, t) {
  let s = new ls(du, e.now()), r = -1 / 0;
  for (;;) {
    if (await e.sleep(du, t), t.aborted) return;
    let i = e.now(),
      { heardAtMs: o, spokeAtMs: l, transport: { peer: u } } = n,
      c = pu({ heardAtMs: o, spokeAtMs: l, pingedAtMs: r }, i, s.check(i));
    if (c === "gone") {
      let h = `Lost the connection to ${u}: ${fu}`;
      throw new g("lost", h);
    }
    c === "ping" &&
      (r = i, n.send({ type: "ping", time: Math.round(i * 1e3) }));
  }
}
var Re = class {
  #e = new Set();
  add(e, t) {
    t?.aborted ||
      (this.#e.add(e),
        t?.addEventListener("abort", () => this.#e.delete(e), { once: !0 }));
  }
  notify(e) {
    for (let t of [...this.#e]) e(t);
  }
};
var us = class {
  expects = "ready";
  credit = new kt(0);
  #e = Promise.withResolvers();
  #t = !1;
  get ready() {
    return this.#e.promise;
  }
  granted(e) {
    this.#t && this.credit.grant(e);
  }
  answered(e) {
    return this.#t = !0, this.credit.grant(e.window), this.#e.resolve(), !1;
  }
  failed(e) {
    this.#e.reject(e);
  }
};
var cs = class {
  credit = new kt(0);
  #e = Promise.withResolvers();
  #t = Promise.withResolvers();
  #n = !1;
  constructor() {
    this.ready.catch(() => {}), this.stored.catch(() => {});
  }
  get expects() {
    return this.#n ? "stored" : "ready";
  }
  get ready() {
    return this.#e.promise;
  }
  get stored() {
    return this.#t.promise;
  }
  granted(e) {
    this.#n && this.credit.grant(e);
  }
  answered(e) {
    if (e.type === "stored") return this.#t.resolve(e), !1;
    let t = e;
    return this.#n = !0, this.credit.grant(t.window), this.#e.resolve(t), !0;
  }
  failed(e) {
    this.#e.reject(e), this.#t.reject(e);
  }
};
var $p = 256 * 1024;
async function yu(n, e, t) {
  let s = new Uint8Array($p),
    r = new Qn(e, { maxMessageBytes: es, maxDataBytes: Sl, reusesMemory: !0 });
  for (;;) {
    let i = await n.read(s);
    if (t.aborted) return;
    if (i === null) {
      throw new g(
        "lost",
        `Lost the connection to ${n.transport.peer}: the server closed it`,
      );
    }
    if (
      n.heard(i),
        r.push(s.subarray(0, i)),
        n.crowded && await n.relieved(),
        t.aborted
    ) return;
  }
}
var gu = 1024,
  hs = class {
    #e = new Map();
    #t = 0;
    get isFull() {
      return this.#e.size >= gu;
    }
    add(e) {
      let t = ++this.#t;
      return this.#e.set(t, e), t;
    }
    answer(e, t) {
      let s = this.#n(e);
      return s && s.expects !== t.type
        ? s.failed(Bp(t.type, s.expects))
        : s?.answered(t) && this.#e.set(e, s),
        s !== void 0;
    }
    fail(e, t) {
      let s = this.#n(e);
      return s?.failed(t), s !== void 0;
    }
    failAll(e) {
      let t = [...this.#e.values()];
      this.#e.clear();
      for (let s of t) s.failed(e);
    }
    #n(e) {
      if (e === void 0) return;
      let t = this.#e.get(e);
      return this.#e.delete(e), t;
    }
  };
function vu(n, e) {
  let { promise: t, resolve: s, reject: r } = Promise.withResolvers();
  return { expects: n, promise: t, answered: (o) => (s(e(o)), !1), failed: r };
}
function Bp(n, e) {
  return new g("bad-message", `Cannot use ${n} as an answer: expected ${e}`);
}
function bu(n) {
  return new g(
    "lost",
    `Lost the connection to ${n}: it leaves ${gu} requests unanswered`,
  );
}
function Ot(n, e) {
  let { row: t, atUs: s } = n,
    r = t.findIndex(({ id: l }) => l === n.take),
    { frame: i } = n;
  if (s === null) return { kind: "paused", take: t[r], frame: i };
  if (e < s) return { kind: "waiting", take: t[r], frame: i };
  let o = s;
  for (;; r++) {
    let l = t[r], u = o + fs(l, i);
    if (e < u) {
      return i += (e - o) * l.rateHz / 1e6,
        { kind: "playing", take: l, frame: i };
    }
    if (r + 1 === t.length) {
      return { kind: "ended", take: l, frame: l.endFrame };
    }
    o = u, i = t[r + 1].fromFrame;
  }
}
function Ni({ row: n, take: e, frame: t, atUs: s }, r, i) {
  let o = n.findIndex(({ id: c }) => c === e),
    l = n.findIndex(({ id: c }) => c === r);
  if (s === null || o < 0 || l < 0) return null;
  let u = s + (n[o].fromFrame - t) * 1e6 / n[o].rateHz;
  for (let c = o; c < l; c++) u += fs(n[c], n[c].fromFrame);
  for (let c = l; c < o; c++) u -= fs(n[c], n[c].fromFrame);
  return u + (i - n[l].fromFrame) * 1e6 / n[l].rateHz;
}
function fs({ endFrame: n, rateHz: e }, t) {
  return n === null ? 1 / 0 : (n - t) * 1e6 / e;
}
var Pi = 64;
var ps = class {
  #e = [];
  find(e) {
    return this.#e.find((t) => t.start.stream === e);
  }
  add(e) {
    this.#e = this.#e.filter((i) => !i.isOver);
    let { follows: t } = e.start,
      s = this.#e.findIndex((i) => i.start.stream === t),
      r = this.#e.splice(s + 1);
    if (this.#e.length >= Pi) {
      throw new g(
        "bad-message",
        `Cannot begin stream ${e.start.stream}: ${Pi} others wait for their turn`,
      );
    }
    return this.#e.push(e), r;
  }
  cut(e) {
    let t = this.#e.findIndex((s) => s.start.stream >= e);
    return t < 0 ? [] : this.#e.splice(t);
  }
};
function xu(n, e) {
  let t = /^\[([^\]]+)\](?::(\d+))?$/.exec(n),
    s = /^([^:\s[\]]+)(?::(\d+))?$/.exec(n),
    r = t ?? s;
  if (r && (!t || wu(r[1]))) {
    let i = r[2] === void 0 ? e : Number(r[2]);
    if (i >= 1 && i <= 65535) return { host: r[1], port: i };
  } else if (wu(n)) return { host: n, port: e };
  throw new g(
    "usage",
    `Cannot read the address "${n}": expected HOST or HOST:PORT, an IPv6 address in brackets`,
  );
}
function Li(n, e) {
  return n.includes(":") ? `[${n}]:${e}` : `${n}:${e}`;
}
function wu(n) {
  let e = n.split(":").length;
  return /^[0-9a-f:.]+(%\w+)?$/i.test(n) && (n.includes("::") || e >= 7) &&
    e <= 8;
}
var Ui = { session: 4040, stream: 4041, http: 4042 };
var Kt =
  `Is it the right port? By default Ondacast uses ${Ui.session} for sessions and ${Ui.stream} for the plain stream`;
function _u(n, e = null) {
  let { session: t } = Ui, { host: s, port: r } = xu(n, t);
  return e !== null
    ? `Use the port of sessions: \`--server ${Li(s, e)}\``
    : r === t
    ? Kt
    : `Use the port of sessions, by default \`--server ${Li(s, t)}\``;
}
function ku(n) {
  return new g(
    "not-ondacast",
    `Cannot talk to ${n}: it is the port of a plain stream, which \`ondacast stream ${n}\` plays. ${
      _u(n)
    }`,
  );
}
function Eu(n, e) {
  let { code: t, message: s } = n;
  if (s.includes(Kt)) return n;
  let r = { cause: n };
  return t === "lost"
    ? new g(t, `${s}. ${Kt}`, r)
    : t !== "bad-frame" && t !== "bad-message"
    ? n
    : new g(
      "not-ondacast",
      `Cannot talk to ${e}: something else than Ondacast answers there (${s}). ${Kt}`,
      r,
    );
}
var ds = class n {
  welcome;
  #e;
  #t;
  #n;
  #s = new Re();
  #r = new hs();
  #i = new AbortController();
  #o = null;
  #a = new ps();
  #l = null;
  #u = null;
  #c = null;
  #h = !1;
  constructor(e, { clock: t, identity: s, windowBytes: r }) {
    let i = this.#e = new os(e, t);
    this.#n = new zn(r);
    let { features: o = Ua, ...l } = s;
    this.#t = t,
      this.welcome = this.#f({
        type: "hello",
        version: Xt,
        window: r,
        features: [...o],
        ...l,
      }, (u) => this.#c = u),
      this.welcome.catch(() => {}),
      yu(i, {
        data: (u) => this.#y(u),
        dataEnd: () => this.#o?.complete(),
        message: (u) => this.#m(u),
      }, this.over).catch((u) => this.#_(M(u, "lost"))),
      mu(i, t, this.over).catch((u) => this.#_(M(u)));
  }
  static async open(e, t) {
    let s = await e.connect(t.signal);
    return new n(s, t);
  }
  get failure() {
    return this.#u;
  }
  get isWelcome() {
    return this.#c !== null;
  }
  get greeting() {
    return this.#c;
  }
  get over() {
    return this.#i.signal;
  }
  get windowBytes() {
    return this.#n.windowBytes;
  }
  request(e) {
    return this.#f(e, (t) => t);
  }
  openStream(e, t) {
    return this.#f({ type: "play", ...e }, () => t(this.#o));
  }
  ping() {
    let e = this.#t.now() * 1e3;
    return this.#f({ type: "ping", time: Math.round(e) }, (t) => {
      let { received: s, sent: r } = t;
      if (s === void 0 || r === void 0) return null;
      let i = this.#e.heardAtMs * 1e3;
      return { sentUs: e, receivedUs: s, answeredUs: r, returnedUs: i };
    });
  }
  upload(e) {
    let t = this.#l = new cs();
    return this.#p({ type: "upload", ...e }, t), t;
  }
  live(e) {
    let t = this.#l = new us();
    return this.#p({ type: "live", ...e }, t), t;
  }
  listen(e, t) {
    this.#s.add(e, t);
  }
  sendData(e) {
    return this.#e.sendFrames(e);
  }
  send(e) {
    this.#u || this.#e.send(e);
  }
  used(e) {
    this.#d(this.#n.used(e));
  }
  widen(e) {
    this.#d(this.#n.widen(e));
  }
  close() {
    this.#u ||
      (this.#e.send({ type: "bye" }),
        this.#x(new g("interrupted", "The connection was closed")));
  }
  #f(e, t) {
    let s = vu(su[e.type].answer, t);
    return this.#p(e, s), s.promise;
  }
  #p(e, t) {
    if (this.#r.isFull && this.#x(bu(this.#g)), this.#u) {
      return t.failed(this.#u);
    }
    let s = this.#r.add(t);
    this.#e.send({ ...e, id: s });
  }
  #d(e) {
    e > 0 && this.send({ type: "grant", bytes: e });
  }
  get #g() {
    return this.#e.transport.peer;
  }
  #y(e) {
    if (!this.#h) throw ku(this.#g);
    this.#n.received(e.length),
      this.#o ? this.#o.receive(e) : this.used(e.length);
  }
  #m(e) {
    let t = lu(e);
    if (!ru(t)) return;
    let s = uu(is, t);
    this.#h = !0,
      s.type === "start"
        ? this.#v(s)
        : s.type === "error"
        ? this.#k(s)
        : this.#r.answer(s.re, s) || this.#b(s);
  }
  #v(e) {
    this.#o?.completeIf(e.follows);
    let t = this.#o = new as(this, e), s = this.#a.add(t);
    e.re === void 0
      ? this.#s.notify((i) => i.cast?.(t))
      : this.#r.answer(e.re, e);
    for (let i of s) i.displace();
    this.#d(this.#n.all());
  }
  #w(e) {
    for (let t of this.#a.cut(e.stream)) t.stopped(e);
    this.#d(this.#n.all());
  }
  #k(e) {
    let { re: t, code: s, fatal: r = !1 } = e,
      i = new ut(s, e.message, r),
      o = this.#r.fail(t, i);
    r ? this.#x(i) : o || this.#b(e);
  }
  #b(e) {
    let { type: t } = e;
    if (t === "ping") return this.send({ type: "pong", time: e.time });
    t === "grant" && this.#l?.granted(e.bytes),
      t === "end" && this.#a.find(e.stream)?.ending(e),
      t === "stopped" && this.#w(e),
      this.#s.notify((s) => {
        s[t]?.call(s, e);
      });
  }
  #_(e) {
    this.#x(this.#h ? e : Eu(e, this.#g));
  }
  #x(e) {
    this.#u ||
      (this.#u = e,
        this.#i.abort(),
        e.code === "lost"
          ? this.#e.transport.close()
          : this.#e.closeAfterSending().catch(() => {}),
        this.#r.failAll(e),
        this.#s.notify((t) => t.closed?.(e)));
  }
};
var Su = { first: 250, longest: 4e3 },
  jp = 1e4,
  ms = class {
    clock;
    signal;
    #e;
    #t = null;
    #n = null;
    #s = new Re();
    reconnects = 0;
    #r = !1;
    #i = !1;
    #o;
    constructor(e) {
      this.#e = e,
        this.clock = e.clock,
        this.signal = e.signal,
        this.#o = e.serverId ?? null;
    }
    get place() {
      return this.#e.connector.place;
    }
    get serverId() {
      return this.#o;
    }
    get current() {
      return this.#t?.failure === null ? this.#t : null;
    }
    listen(e, t) {
      this.#s.add(e, t);
    }
    async session() {
      return this.#t?.failure === null
        ? this.#t
        : (this.#n ??= this.#l().finally(() => this.#n = null), await this.#n);
    }
    async reconnect(e, t = this.signal) {
      let s = AbortSignal.any([this.signal, t]),
        r = this.clock.now(),
        i = Su.first;
      for (;;) {
        await this.clock.sleep(i, s), Hp(s);
        try {
          return await this.#a();
        } catch (o) {
          let l = M(o, "unreachable"), u = this.clock.now() - r + i;
          if (!this.#h(l) || u > e) throw l;
          this.miss(l), i = Math.min(i * 2, Su.longest);
        }
      }
    }
    close() {
      this.#t?.failure === null && this.#t.close(), this.#t = null;
    }
    async #a() {
      let e = await this.session();
      return await e.welcome, e;
    }
    async #l() {
      let e = new AbortController(),
        t = this.#r ? this.#c(e.signal) : this.signal,
        s = await this.#u(t).finally(() => e.abort());
      return this.#t = s,
        s.over.addEventListener("abort", () => {
          let { failure: r } = s;
          s.isWelcome && ee(r) && this.miss(r);
        }),
        s.welcome.then((r) => this.#f(r), () => {}),
        this.#s.notify((r) => r.opened?.(s)),
        s;
    }
    async #u(e) {
      let { connector: t } = this.#e;
      for (;;) {
        let s = await ds.open(t, { ...this.#e, signal: e });
        if (this.#o === null) return s;
        let { serverId: r } = await s.welcome;
        if (r === this.#o) return s;
        if (s.close(), !t.avoid?.()) {
          throw new g(
            "unreachable",
            `Cannot reach the server: another one answers at ${t.place}, and it is nowhere else in this network`,
          );
        }
      }
    }
    #c(e) {
      let t = new AbortController();
      return this.clock.sleep(jp, e).then(() => {
        e.aborted || t.abort();
      }),
        AbortSignal.any([this.signal, t.signal]);
    }
    #h(e) {
      let t = ["not-ondacast", "tls-mismatch"].includes(e.code);
      return ee(e) || this.#r && t;
    }
    #f(e) {
      this.#r && this.#i && this.reconnects++,
        this.#r = !0,
        this.#e.serverId === null && (this.#o ??= e.serverId ?? null),
        this.#i && (this.#i = !1, this.#s.notify((t) => t.back?.(e)));
    }
    miss(e) {
      this.#i || (this.#i = !0, this.#s.notify((t) => t.away?.(e)));
    }
  };
function Hp(n) {
  if (n.aborted) throw new g("interrupted", "Interrupted");
}
function ee(n) {
  return ["lost", "unreachable", "busy", "timeout"].includes(n.code);
}
var ys = class {
    #e;
    #t;
    #n = null;
    constructor(e, t) {
      this.#e = e,
        this.#t = t,
        e.listen({
          opened: ({ welcome: s }) => {
            s.then(() => this.#s(), () => {});
          },
        });
    }
    get exists() {
      return this.#r !== null;
    }
    async play(e) {
      let t = this.#r;
      if (t === null) return null;
      let { key: s } = t.greeting;
      return await t.request({ type: "queue", to: s, ...e });
    }
    control(e, t = {}) {
      let s = this.#r;
      if (s === null) return !1;
      let r = [s.greeting.key];
      return s.request({ type: "control", ...t, to: r, action: e }).catch(
        this.#t,
      ),
        !0;
    }
    skip(e) {
      let t = this.#r;
      if (t === null) return this.#n = e ?? null, !1;
      let s = [t.greeting.key];
      return t.request({ type: "control", to: s, action: "next", entry: e })
        .catch((r) => {
          let i = M(r);
          ee(i) ? this.#n = e ?? null : i.code !== "stale" && this.#t(i);
        }),
        !0;
    }
    #s() {
      let e = this.#n;
      this.#n = null, e !== null && this.skip(e);
    }
    get #r() {
      let { current: e } = this.#e, { greeting: t } = e ?? {};
      return t && Ce(t, "groups") ? e : null;
    }
  },
  Ie = class {
    #e;
    #t;
    #n;
    by;
    constructor(e, t, s) {
      this.#e = e, this.#t = t, this.#n = s.entry, this.by = s.by;
    }
    get state() {
      return this.#t.state;
    }
    pause() {
      this.#e.control("pause") || this.#t.pause();
    }
    resume() {
      this.#e.control("resume") || this.#t.resume();
    }
    seek(e) {
      if (this.state?.lengthSeconds === null) return !1;
      let t = Math.max(0, e);
      return this.#e.control("seek", { value: t, entry: this.#n }) ||
        this.#t.seek(t);
    }
    skip() {
      this.#e.skip(this.#n) || this.#t.skip();
    }
    previous() {
      this.#e.control("previous", { entry: this.#n });
    }
    again(e, t) {
      this.#e.control("jump", { value: this.#n }) &&
        (this.#e.control("seek", { value: e }), t && this.#e.control("pause"));
    }
    get volume() {
      return this.#t.volume;
    }
    set volume(e) {
      this.#t.volume = e;
    }
  };
var Gp = 8,
  Au = 10,
  gs = class {
    #e = null;
    #t = "";
    constructor(e) {
      let t = navigator.mediaSession;
      if (t === void 0) return;
      let s = [
        ["play", () => e.play()],
        ["pause", () => e.pause()],
        ["nexttrack", () => e.next()],
        ["previoustrack", () => e.previous()],
        ["seekto", ({ seekTime: r }) => e.seek(r ?? 0)],
        ["seekbackward", ({ seekOffset: r }) => e.skip(-(r ?? Au))],
        ["seekforward", ({ seekOffset: r }) => e.skip(r ?? Au)],
      ];
      for (let [r, i] of s) {
        try {
          t.setActionHandler(r, i);
        } catch {}
      }
    }
    show(e) {
      let t = navigator.mediaSession;
      if (t === void 0) return;
      if (e === null) {
        t.metadata = null,
          this.#t = "",
          t.playbackState = "none",
          this.#e?.pause();
        return;
      }
      let { title: s, artist: r, album: i, cover: o } = e,
        { playing: l, positionSeconds: u, lengthSeconds: c } = e,
        h = JSON.stringify([s, r, i, o]);
      this.#t !== h &&
      (this.#t = h,
        t.metadata = new MediaMetadata({
          title: s,
          artist: r,
          album: i,
          artwork: o === null ? [] : [{ src: o, sizes: "512x512" }],
        })),
        t.playbackState = l ? "playing" : "paused",
        c !== null &&
        t.setPositionState({ duration: c, position: Math.min(u, c) }),
        this.#e ??= qp(),
        l ? this.#e.paused && this.#e.play().catch(() => {}) : this.#e.pause();
    }
  };
function qp() {
  let n = { encoding: "u8", rate: 8e3, channels: 1, bits: 8 },
    e = Pn(n, Gp * n.rate),
    t = ka(n, e.length),
    s = new Audio(URL.createObjectURL(new Blob([t, e], { type: "audio/wav" })));
  return s.loop = !0, s;
}
var vs = class {
  #e = new Map();
  async queue(e, t, s) {
    let { at: r, fromSeconds: i, shuffle: o, repeat: l } = s;
    this.#e.set(t, s);
    let [{ index: u, ...c }, ...h] = Wp(s),
      m = c.place === "now" && r !== void 0 ? qa(s.songs, r - u) : [],
      p = h.length + m.length === 0,
      y = await e.request({
        type: "queue",
        to: t,
        ...c,
        ...r !== void 0 && { index: u },
        ...i !== void 0 && { from: i },
        ...o !== void 0 && { shuffle: o && p },
        ...l !== void 0 && { repeat: l },
      });
    return this.#t(e, t, { choice: s, rest: h, earlier: m, queued: y }).catch(
      () => {},
    ),
      y;
  }
  async #t(e, t, { choice: s, rest: r, earlier: i, queued: o }) {
    let { revision: l, entry: u } = o;
    for (let { songs: h, place: m } of r) {
      if (
        this.#e.get(t) !== s ||
        (await e.request({ type: "queue", to: t, songs: h, place: m }))
            .revision !== ++l
      ) return;
    }
    for (let h of i) {
      if (this.#e.get(t) !== s) return;
      let { group: m, entry: p, songs: y, ...k } = await e.request({
        type: "queue",
        to: t,
        songs: h,
        place: "end",
      });
      if (k.revision !== ++l || p === null || u === null) return;
      let D = Array.from({ length: y }, (w, F) => p + F);
      ({ revision: l } = await e.request({
        type: "edit",
        group: m,
        action: "move",
        entries: D,
        before: u,
        revision: l,
      })), u = p;
    }
    if (r.length + i.length === 0 || !s.shuffle) return;
    let c = { action: "shuffle", value: !0 };
    await e.request({ type: "control", to: [t], ...c });
  }
};
function Wp({ songs: n, at: e = 0, place: t = "now" }) {
  let s = t === "now" ? Ga(n, e) : wt(n).map((r) => ({ songs: r, index: 0 }));
  return t === "next" && s.reverse(),
    s.map((r, i) => ({ ...r, place: t === "now" && i > 0 ? "end" : t }));
}
var zp = .25,
  bs = class {
    #e = x(0);
    #t = { bytes: 0, atMs: 0 };
    get perSecond() {
      return this.#e;
    }
    measure(e, t) {
      let s = t - this.#t.atMs;
      if (s < 1e3) return;
      let r = (e - this.#t.bytes) * 1e3 / s;
      this.#e.value += (r - this.#e.value) * zp,
        this.#t = { bytes: e, atMs: t };
    }
  };
var Vp = 6e4,
  ws = class {
    #e;
    #t = new Map();
    constructor(e) {
      this.#e = e;
    }
    async do(e) {
      this.forget(e.key);
      let t = this.#e.session;
      if (t === null) return this.keep(e);
      try {
        await e.run(t);
      } catch (s) {
        let { failure: r } = t;
        r !== null && ee(r) ? this.keep(e) : Z(s);
      }
    }
    runReady() {
      if (this.#e.session !== null) {
        for (let { errand: e } of [...this.#t.values()]) {
          (e.isReady?.() ?? !0) && this.do(e);
        }
      }
    }
    keep(e) {
      this.forget(e.key),
        this.#t.set(e.key, {
          errand: e,
          noticeId: En({
            words: ["As soon as the server is back: ", ...e.words],
            lasting: !0,
            onDismiss: () => this.forget(e.key),
          }),
          timer: setTimeout(() => this.#n(e), Vp),
        });
    }
    has(e) {
      return this.#t.has(e);
    }
    forget(e) {
      let t = this.#t.get(e);
      t !== void 0 &&
        (this.#t.delete(e), clearTimeout(t.timer), pt(t.noticeId));
    }
    #n(e) {
      this.forget(e.key);
      let t = En({
        words: ["Not done, because the server was away: ", ...e.words],
        lasting: !0,
        action: {
          label: "Do it now",
          act: () => {
            pt(t), this.do(e);
          },
        },
      });
    }
  };
var xs = class {
  bytesPerMs;
  #e;
  #t = null;
  #n = 0;
  #s = 0;
  constructor(e, t = 1, s = .2) {
    this.bytesPerMs = e / 1e3, this.#e = Math.max(e * s, t);
  }
  due(e) {
    return Math.floor(this.#r(e) + this.#e - this.#s);
  }
  msUntilDue(e, t) {
    return Math.max(0, (e - this.due(t)) / this.bytesPerMs);
  }
  unheard(e) {
    return this.#s - this.#r(e);
  }
  isDry(e) {
    return this.#t !== null && this.unheard(e) <= 0;
  }
  wrote(e, t) {
    (this.#t === null || this.isDry(t)) && (this.#t = t, this.#n = this.#s),
      this.#s += e;
  }
  dropped(e) {
    this.#s = Math.round(this.#r(e)), this.#t = null;
  }
  #r(e) {
    if (this.#t === null) return this.#s;
    let t = this.#n + (e - this.#t) * this.bytesPerMs;
    return Math.min(t, this.#s);
  }
};
var _s = class {
  #e;
  #t = null;
  #n = null;
  #s = new Re();
  #r = 0;
  #i = null;
  #o = Promise.resolve();
  #a = new Uint8Array(0);
  #l = !1;
  clock;
  constructor(e, t = null) {
    this.#e = e, this.clock = t;
  }
  listen(e, t) {
    this.#s.add(e, t);
  }
  for(e) {
    let t = this.#o.then(() => this.#u(e));
    return this.#o = t.catch(() => {}), t;
  }
  async #u(e) {
    if (this.#t && !this.#l && yt(this.#t.sink.format, e)) return this.#t;
    let t = this.#r, s = this.#c();
    s.catch(() => {});
    let r;
    try {
      r = await this.#e(e, s);
    } finally {
      await s;
    }
    if (this.#r !== t) {
      throw await r.abort(), new g("interrupted", "Interrupted");
    }
    r.failed.catch((o) => {
      this.#t?.sink === r && (this.#i = o, this.#s.notify((l) => l.failed()));
    });
    let i = r.realTime ? new xs(ue(e), j(e), r.leadSeconds) : null;
    return this.#l = !1, this.#t = { sink: r, pacer: i, writtenBytes: 0 };
  }
  async #c() {
    await this.end(), await this.#n?.done.catch(() => {});
  }
  get present() {
    return this.#l ? null : this.#t;
  }
  throwIfFailed() {
    if (this.#i !== null) throw this.#i;
  }
  write(e, t, s) {
    return e.setGain ? e.setGain(s) : Qa(e.format, t, s),
      this.#a = t,
      this.#t?.sink === e && (this.#t.writtenBytes += t.length),
      e.write(t);
  }
  get level() {
    let { sink: e } = this.#t ?? {};
    return e ? yi(e.format, this.#a) : 0;
  }
  unheardBytes(e) {
    let { pacer: t } = this.#t ?? this.#n?.open ?? {};
    return t?.unheard(e.now()) ?? 0;
  }
  unheardMs(e) {
    let { pacer: t } = this.#t ?? this.#n?.open ?? {};
    return t ? t.unheard(e.now()) / t.bytesPerMs : 0;
  }
  drop(e) {
    this.#t?.sink.drop &&
      (this.#t.sink.drop(), this.#t.pacer?.dropped(e.now()));
  }
  cut() {
    this.#t?.sink.cut && (this.#t.sink.cut(), this.#l = !0);
  }
  setGain(e) {
    this.#t?.sink.setGain?.(e);
  }
  async end() {
    let e = this.#t;
    if (e === null) return;
    this.#t = null;
    let t = this.#n = { open: e, done: e.sink.end() };
    try {
      await t.done;
    } finally {
      this.#n === t && (this.#n = null);
    }
  }
  async abort() {
    this.#r++, this.#i = null;
    let e = this.#t;
    this.#t = null, await e?.sink.abort();
  }
};
function ks(n) {
  return new Promise((e) => {
    n.addEventListener("abort", () => e()), n.aborted && e();
  });
}
function Es(n) {
  let { promise: e, reject: t } = Promise.withResolvers();
  e.catch(() => {});
  let s = () => t(new g("interrupted", "Interrupted"));
  return n.addEventListener("abort", s),
    n.aborted && s(),
    { promise: e, [Symbol.dispose]: () => n.removeEventListener("abort", s) };
}
var ae = class {
  #e = !1;
  #t = null;
  notify() {
    this.#e = !0, this.#t?.();
  }
  async notified() {
    this.#e || (await new Promise((e) => this.#t = e), this.#t = null),
      this.#e = !1;
  }
  async notifiedWithin(e, t) {
    if (this.#e || e === 1 / 0) return await this.notified();
    let s = new AbortController();
    this.#t = () => s.abort(),
      await t.sleep(e, s.signal),
      this.#t = null,
      this.#e = !1;
  }
};
function Tu(n, e) {
  let { atUs: t, offsetUs: s, drift: r } = n;
  return e + s + (e - t) * r;
}
function Fu(n) {
  return n < 20 ? 1e3 : 5e3;
}
var Ss = class {
  #e = [];
  #t = null;
  #n = NaN;
  #s = -1 / 0;
  #r = null;
  get estimate() {
    return this.#r;
  }
  checkClocks(e, t) {
    let s = t - e, r = Math.abs(s - this.#n) >= 2e5;
    return r && this.#i(e), (r || Number.isNaN(this.#n)) && (this.#n = s), r;
  }
  add(e) {
    let { sentUs: t, receivedUs: s, answeredUs: r, returnedUs: i, clock: o } =
      e;
    this.checkClocks(i, e.wallUs), o !== this.#t && this.#i(t), this.#t = o;
    let l = s - t, u = r - i;
    !(l >= u && r >= s && Number.isFinite(l) && Number.isFinite(u)) ||
      t < this.#s ||
      (this.#e.push({ atUs: (t + i) / 2, mostUs: l, leastUs: u }),
        this.#e.length > 180 && this.#e.shift(),
        this.#r = Xp(this.#e));
  }
  #i(e) {
    this.#e = [], this.#r = null, this.#s = e;
  }
};
function Xp(n) {
  let { atUs: e } = n[n.length - 1],
    t = (n[0].atUs + e) / 2,
    s = n[0].mostUs,
    r = Mu(n.map((w) => ({ x: w.atUs - t, y: w.mostUs - s }))),
    i = Mu(n.map((w) => ({ x: w.atUs - t, y: s - w.leastUs }))),
    o = (w) => {
      let [F, S] = [1 / 0, -1 / 0];
      for (let { x: Y, y: Ne } of r) F = Math.min(F, Ne - Y * w);
      for (let { x: Y, y: Ne } of i) S = Math.max(S, -Ne - Y * w);
      return { most: F, least: S };
    },
    l = Ou(n.map((w) => w.mostUs - w.leastUs)),
    u = Cu((w) => o(w).most - o(w).least),
    { most: c, least: h } = o(u),
    m = Math.max(5, (l - (c - h)) / 2),
    p = (w) => {
      let { most: F, least: S } = o(w);
      return (F - S) * n.length / m - (w / 1e-4) ** 2 / 2;
    },
    [y, k] = Kp(p, (w) => {
      let { most: F, least: S } = o(w);
      return (F + S) / 2 + (e - t) * w;
    }),
    D = n.slice(-60).map((w) => w.mostUs - w.leastUs).sort((w, F) => w - F);
  return { atUs: e, offsetUs: s + k, drift: y, rttUs: Ou(D.slice(0, 5)) };
}
function Kp(n, e) {
  let t = Cu(n),
    s = n(t),
    [r, i, o] = [0, 0, 0],
    l = (h) => {
      let m = Math.exp(n(h) - s);
      r += m, i += m * h, o += m * e(h);
    },
    u = (h) => n(t + h) < s - 5 && n(t - h) < s - 5,
    c = 3e-4 / 2 ** 20;
  for (; c < 2 * 3e-4 && !u(c);) c *= 2;
  for (let h = -12; h <= 12; h++) l(t + c * h / 12);
  return [i / r, o / r];
}
function Mu(n) {
  let e = [];
  for (let t of n) {
    for (; e.length >= 2;) {
      let [s, r] = e.slice(-2);
      if ((r.x - s.x) * (t.y - s.y) > (r.y - s.y) * (t.x - s.x)) break;
      e.pop();
    }
    e.push(t);
  }
  return e;
}
function Cu(n) {
  let [e, t] = [-3e-4, 3e-4];
  for (let s = 0; s < 32; s++) {
    let r = (t - e) / 3;
    n(e + r) < n(t - r) ? e += r : t -= r;
  }
  return (e + t) / 2;
}
function Ou(n) {
  return n.reduce((e, t) => e + t, 0) / n.length;
}
var Du = 8,
  Ru = 1e3,
  As = class {
    #e;
    #t;
    #n = new Ss();
    #s = new ae();
    #r = null;
    #i = !1;
    #o = () => {};
    constructor(e, t) {
      this.#e = e.clock,
        this.#t = t,
        e.listen({
          opened: (s) => {
            s.welcome.then((r) => {
              Ce(r, "groups") && this.#a(s, r.clock);
            }, () => {});
          },
        });
    }
    get current() {
      return this.#r;
    }
    get rttUs() {
      return this.#r?.estimate?.rttUs ?? null;
    }
    set active(e) {
      e !== this.#i && (this.#i = e, this.#s.notify());
    }
    listen(e) {
      this.#o = e;
    }
    async #a(e, t) {
      this.#r?.name !== t && (this.#r = { name: t, estimate: null });
      let s = this.#r;
      e.over.addEventListener("abort", () => this.#s.notify()),
        await this.#u(e, s, Du);
      for (let r = 0; e.failure === null;) {
        if (!this.#i) {
          r = 0, await this.#s.notified();
          continue;
        }
        await this.#u(e, s, 3), await this.#l(e, s, Fu(++r));
      }
    }
    async #l(e, t, s) {
      for (let r = s; r > 0 && !e.over.aborted; r -= Ru) {
        await this.#e.sleep(Math.min(r, Ru), e.over);
        let i = this.#e.now() * 1e3;
        this.#n.checkClocks(i, this.#t() * 1e3) && await this.#u(e, t, Du);
      }
    }
    async #u(e, t, s) {
      for (let r = 0; r < s; r++) {
        try {
          let i = () => this.#t() * 1e3, o = await e.ping();
          if (o === null) return;
          this.#n.add({ ...o, wallUs: i(), clock: t.name });
        } catch {
          return;
        }
        t.estimate = this.#n.estimate ?? t.estimate, this.#o();
      }
    }
  };
function Iu({ estimate: n }, e) {
  return n && Tu(n, e * 1e3);
}
var Nu = 4, Pu = 64 * 2 ** 20;
function it(n, e) {
  let t = Math.ceil(ue(n) * Nu);
  if (t <= Pu) return t;
  throw new g(
    "unsupported",
    `Cannot play ${e}: ${Nu} s of its ${n.channels} channels at ${n.rate} Hz take ${t} bytes, expected at most ${Pu}`,
  );
}
var Lu = 64 * 1024,
  Jp = 4 * Lu,
  Ms = class {
    #e;
    #t;
    #n;
    #s = new ae();
    #r;
    #i = null;
    #o = null;
    #a = null;
    constructor(e, t, s) {
      this.#e = e, this.#t = t, this.#n = s ?? null;
      let r = it(t.format, t.song);
      this.#r = Math.max(Jp, r);
    }
    get name() {
      return this.#t.song;
    }
    get format() {
      return this.#t.format;
    }
    async start(e, t = 0) {
      this.#i = e;
      let s = await this.#e.openWhole(this.#t);
      if (e.over) return s.close();
      this.#o = s,
        this.#a === null && this.#l(e, t),
        e.changed(),
        this.#n?.run(e.closed),
        this.#u(e, s).catch((r) => e.fail(r));
    }
    seek(e) {
      let t = this.#i;
      return t === null ||
        (t.discard(), this.#l(t, e), this.#s.notify(), t.changed()),
        !0;
    }
    report(e) {
      this.#n?.report(e);
    }
    close() {
      return this.#s.notify(), this.#o?.close(), Promise.resolve();
    }
    #l(e, t) {
      let { format: s } = this.#t,
        r = ce(s, s.dataBytes ?? 0),
        i = Math.min(Math.max(0, t), r);
      this.#a = jt(s, i), e.pump.begin(s, this.#a, this.#r);
    }
    async #u(e, t) {
      let { dataOffset: s, dataBytes: r } = this.#t.format,
        i = new Uint8Array(Lu);
      for (; !e.over;) {
        await e.roomFor(i.length);
        let o = this.#a,
          l = Math.min(i.length, (r ?? 0) - o),
          u = l === 0 ? 0 : await t.read(i.subarray(0, l), s + o);
        if (e.over) return;
        this.#a === o &&
          (u === 0
            ? (e.pump.complete(), await this.#s.notified())
            : (this.#a += u, e.pump.push(i.subarray(0, u))));
      }
    }
  };
var Os = class {
  #e = 0;
  #t = 0;
  #n = 0;
  played(e) {
    return this.#e += e, this.#s();
  }
  stored(e) {
    return this.#t += e, this.#s();
  }
  storeNoMore() {
    return this.#t = 1 / 0, this.#s();
  }
  #s() {
    let e = Math.min(this.#e, this.#t), t = e - this.#n;
    return this.#n = e, t;
  }
};
var Ts = class {
  #e;
  #t = new Os();
  #n = null;
  #s;
  #r = "open";
  constructor(e, t, s) {
    this.#e = s,
      this.#t.stored(t),
      this.#s = e.then(async (r) => {
        this.#n = r, r?.storedBytes !== t && await this.#u();
      }).catch(() => this.#u());
  }
  played(e) {
    this.#e(this.#t.played(e));
  }
  store(e) {
    if (this.#r !== "open") return;
    let t = e.slice();
    this.#s = this.#s.then(() => this.#i(t));
  }
  async publish(e) {
    if (await this.#s, !(this.#o || this.#n === null)) {
      try {
        await this.#n.publish(e);
      } finally {
        await this.#u();
      }
    }
  }
  stop() {
    return this.#l();
  }
  discard() {
    return this.#l((e) => e.discard());
  }
  async #i(e) {
    if (!this.#o) {
      try {
        await this.#n.write(e), this.#e(this.#t.stored(e.length));
      } catch {
        await this.#u();
      }
    }
  }
  get #o() {
    return this.#r === "stopped";
  }
  #a() {
    this.#e(this.#t.storeNoMore());
  }
  async #l(e) {
    this.#r === "open" && (this.#r = "stopping"),
      this.#a(),
      this.#s = this.#s.then(() => this.#u(e)),
      await this.#s;
  }
  async #u(e = (t) => t.close()) {
    this.#o || (this.#r = "stopped", this.#a(), this.#n && await e(this.#n));
  }
};
var Fs = class {
  #e = [];
  received(e, t) {
    let s = this.#e.at(-1);
    s?.stream === e ? s.bytes += t : this.#e.push({ stream: e, bytes: t });
  }
  used(e) {
    for (; e > 0 && this.#e.length > 0;) {
      let t = this.#e[0], s = Math.min(e, t.bytes);
      e -= s, t.bytes -= s, t.bytes === 0 && this.#e.shift(), t.stream?.used(s);
    }
  }
  foreignBytes(e) {
    return this.#e.filter(({ stream: t }) => t?.session !== e).reduce(
      (t, { bytes: s }) => t + s,
      0,
    );
  }
};
var Cs = class {
  #e;
  #t;
  #n;
  constructor(e, t) {
    this.#e = e.dataOffset,
      this.#t = e.dataBytes === null ? 1 / 0 : e.dataOffset + e.dataBytes,
      this.#n = t;
  }
  get offset() {
    return this.#n;
  }
  extract(e) {
    let t = Math.max(this.#e - this.#n, 0), s = Math.max(this.#t - this.#n, 0);
    return this.#n += e.length,
      t === 0 && s >= e.length
        ? e
        : e.subarray(Math.min(t, e.length), Math.min(s, e.length));
  }
};
var Tt = class {
  #e = new Fs();
  #t = null;
  #n = null;
  #s = null;
  #r = null;
  get part() {
    return this.#t;
  }
  get isWhole() {
    return this.#r !== null;
  }
  get nextByte() {
    return this.#n?.offset ?? null;
  }
  fits(e) {
    return e.etag === this.#t?.etag && e.offset === this.nextByte;
  }
  begin(e, t = !0) {
    this.#t = e, this.#n = t ? new Cs(e.format, e.offset) : null;
  }
  storeIn(e, t) {
    let s = (r) => this.#e.used(r);
    this.#s = new Ts(e, t, s);
  }
  receive(e, t) {
    return this.#e.received(e, t.length),
      this.#n === null
        ? t.subarray(0, 0)
        : (this.#s?.store(t), this.#i(this.#n, t));
  }
  receiveStored(e) {
    return this.#e.received(null, e.length), this.#i(this.#n, e);
  }
  complete(e) {
    let { song: t, offset: s, bytes: r } = this.#t;
    if (r !== null && this.nextByte !== s + r) {
      throw new g("lost", `Lost a part of ${t}: expected ${r} bytes`);
    }
    this.#r = { sha256: e };
  }
  used(e) {
    this.#s ? this.#s.played(e) : this.#e.used(e);
  }
  foreignBytes(e) {
    return this.#e.foreignBytes(e);
  }
  leave() {
    this.#r = null, this.#s?.stop().catch(() => {});
  }
  drop() {
    this.#r = null, this.#s?.discard().catch(() => {});
  }
  async publish() {
    this.#r && await this.#s?.publish(this.#r.sha256);
  }
  async close() {
    await this.#s?.stop();
  }
  #i(e, t) {
    let s = e.extract(t);
    return s.length < t.length && this.used(t.length - s.length), s;
  }
};
var Uu = 64 * 1024,
  Ds = class {
    #e;
    #t;
    #n;
    #s;
    #r = { is: "before" };
    #i = null;
    constructor(e, t, s, r) {
      this.#e = e, this.#t = t, this.#n = s, this.#s = r;
    }
    get name() {
      return this.#n.song.song;
    }
    get format() {
      return this.#r.is === "stored" ? this.#n.song.format : this.#s.format;
    }
    get soughtSeconds() {
      return this.#r.is === "network" ? this.#s.soughtSeconds : this.#i;
    }
    get reconnects() {
      return this.#s.reconnects;
    }
    async start(e, t) {
      let s = await this.#e.session(),
        r = this.#i ?? t,
        i = r === void 0 && !e.over ? await this.#o(e) : null;
      if (i === null) {
        return this.#r = { is: "network" },
          e.over ? void 0 : await this.#s.start(e, this.#i ?? r);
      }
      if (await this.#a(i), e.over) return await i.received.close();
      this.#r = { is: "network" },
        await this.#s.resume(
          e,
          s,
          i.received,
          (o) => this.#n.notice.report(o),
          this.#i,
        );
    }
    seek(e) {
      let t = this.#r;
      if (t.is === "network") return this.#s.seek(e);
      let { format: s } = this.#n.song;
      if (s.dataBytes === null) return !1;
      let r = ce(s, s.dataBytes);
      if (this.#i = Math.min(Math.max(0, e), r), t.is === "before") return !0;
      let { feed: i, received: o } = t.part;
      return o.leave(), o.used(i.discard()), !0;
    }
    used(e) {
      this.#r.is === "stored" ? this.#r.part.received.used(e) : this.#s.used(e);
    }
    report(e) {
      this.#r.is === "stored" ? this.#n.notice.report(e) : this.#s.report(e);
    }
    stop(e) {
      this.#s.stop(e);
    }
    finish() {
      return this.#s.finish();
    }
    async close() {
      this.#r.is === "stored" && await this.#r.part.received.close(),
        await this.#s.close();
    }
    async #o(e) {
      let { song: t, etag: s, bytes: r, format: i } = this.#n.song,
        o = { song: t, etag: s, bytes: r, format: i },
        l = await this.#t.store(this.#e.place, o);
      if (l === null) return null;
      let u = new Tt();
      return u.begin({ ...o, offset: 0 }),
        u.storeIn(Promise.resolve(l), l.storedBytes),
        { feed: e, writer: l, received: u };
    }
    async #a(e) {
      let t = new AbortController(), { song: s, notice: r } = this.#n;
      this.#r = { is: "stored", part: e }, r.run(t.signal);
      let i = it(s.format, s.song);
      e.feed.pump.begin(s.format, 0, Math.max(2 * Uu, i)),
        e.feed.changed(),
        await this.#l(e).finally(() => t.abort());
    }
    async #l({ feed: e, writer: t, received: s }) {
      let r = new Uint8Array(Uu), i = 0, o = () => !e.over && this.#i === null;
      for (; i < t.storedBytes;) {
        if (await e.roomFor(r.length), !o()) return;
        let l = Math.min(t.storedBytes - i, r.length),
          u = await t.read(r.subarray(0, l), i);
        if (u === 0 || !o()) return;
        i += u, e.pump.push(s.receiveStored(r.subarray(0, u)));
      }
    }
  };
async function $u(n, e, { etag: t, bytes: s }) {
  let r = { type: "play", song: e, offset: s, etag: t }, i = await n.request(r);
  return { session: n, stream: i.stream, song: i.song };
}
var Bu = { same: 1e4, restarted: 2e3 },
  Zp = 6e4,
  Rs = class {
    #e;
    #t;
    #n;
    #s = { is: "idle" };
    constructor(e, t, s = Zp) {
      this.#e = e, this.#t = t, this.#n = s;
    }
    get isReconnecting() {
      return this.#s.is === "reconnecting";
    }
    adopt(e) {
      let { session: t } = e;
      this.#r(t);
      let s = e.start.group !== void 0;
      this.#s = { is: s ? "served" : "requested", session: t, stream: e },
        this.#t.begin(e, {});
    }
    continueWith(e, t) {
      let { session: s } = e;
      this.#r(s), this.#s = { is: "served", session: s, stream: e };
      let r = t - e.start.offset;
      this.#t.begin(e, { offset: t, knownBytes: r });
    }
    async start(e) {
      if (e.failure) return this.#i(e, e.failure);
      this.#r(e), await this.request(e);
    }
    async request(e, t = !1) {
      let { song: s, ...r } = this.#t.next(),
        i = { is: "requested", session: e, stream: null };
      this.#s = i;
      try {
        await e.openStream({ song: s, ...r }, (o) => {
          this.#s.is === "stopping" && o.stop(),
            this.#s === i && (i.stream = o, this.#t.begin(o, r));
        });
      } catch (o) {
        if (this.#s !== i || e.failure) return;
        let l = M(o);
        if (!t || l.code !== "changed") return this.#o(l);
        this.#t.replaced(), await this.request(e);
      }
    }
    restart() {
      let e = this.#s;
      e.is !== "requested" && e.is !== "served" ||
        (e.stream?.drop(),
          e.session.failure === null ? this.request(e.session) : this.#a());
    }
    stop() {
      let e = this.#s;
      return e.is !== "requested" && e.is !== "served"
        ? !1
        : (e.stream?.stop(),
          this.#s = { is: e.stream ? "idle" : "stopping" },
          !0);
    }
    drop() {
      let { is: e } = this.#s;
      (e === "requested" || e === "served") && this.#s.stream?.drop(),
        this.#s.is !== "stopping" && (this.#s = { is: "idle" });
    }
    #r(e) {
      e.over.addEventListener("abort", () => this.#i(e, e.failure), {
        signal: this.#t.over,
      });
    }
    #i(e, t) {
      if (!e.isWelcome || !ee(t)) return this.#t.fail(t);
      let s = this.#n === 1 / 0;
      (!this.#t.isWhole || s) && this.#a();
    }
    #o(e) {
      (!this.#t.isWhole || e.fatal) && this.#t.fail(e);
    }
    #a() {
      if (this.isReconnecting) return;
      let e = this.#s;
      this.#s = { is: "reconnecting" },
        (e.is === "served" ? this.#l(e.session.greeting?.clock) : this.#u())
          .catch((s) => {
            this.#t.over.aborted || this.#o(M(s));
          });
    }
    async #l(e) {
      let { over: t } = this.#t,
        s = this.#s,
        r = await this.#e.reconnect(this.#n, t),
        i = await r.welcome;
      if (!Ce(i, "groups")) return await this.#u();
      let o = i.clock === e,
        l = o ? Bu.same : Bu.restarted,
        u = AbortSignal.any([t, r.over]);
      if (await this.#e.clock.sleep(l, u), !(t.aborted || this.#s !== s)) {
        if (r.failure) return await this.#l(e);
        if (!o) return await this.#u();
        throw new g("lost", "Lost the song: the server plays it no more");
      }
    }
    async #u() {
      let { over: e } = this.#t, t;
      do if (
        t = this.#e.current ?? await this.#e.reconnect(this.#n, e),
          e.aborted || (this.#r(t), await this.#t.ready(t), e.aborted)
      ) return; while (t.failure !== null);
      await this.request(t, !0);
    }
  };
var Is = class {
  #e;
  #t;
  #n;
  #s = null;
  #r = null;
  #i = null;
  #o = !1;
  #a = new Tt();
  #l = null;
  constructor(e) {
    this.#e = e, this.#t = e.link, this.#n = e.link.reconnects;
  }
  get name() {
    return this.#a.part?.song ?? this.#e.song;
  }
  get format() {
    return this.#a.part?.format ?? null;
  }
  get reconnects() {
    return this.#t.reconnects - this.#n;
  }
  get soughtSeconds() {
    return this.#i;
  }
  async start(e, t) {
    let s = this.#u(e), { cast: r } = this.#e;
    if (r) return s.adopt(r);
    this.#i ??= t ?? null;
    let i = await this.#t.session();
    e.over || await s.start(i);
  }
  async resume(e, t, s, r, i) {
    this.#a = s, this.#l = r, this.#i = i, await this.#u(e).start(t);
  }
  seek(e) {
    let { format: t } = this;
    if (t?.dataBytes === null) return !1;
    let s = t ? ce(t, t.dataBytes) : Number.MAX_SAFE_INTEGER;
    return this.#i = Math.min(Math.max(0, e), s),
      this.#a.leave(),
      this.#r && this.used(this.#r.discard()),
      this.#s?.restart(),
      !0;
  }
  continueWith(e) {
    let { part: t, nextByte: s } = this.#a, { start: r, session: i } = e;
    return t === null || s === null || this.#s === null || r.song !== t.song ||
        r.etag !== t.etag || r.offset > s || i.failure
      ? !1
      : (this.#s.continueWith(e, s), !0);
  }
  used(e) {
    this.#a.used(e);
  }
  report(e) {
    this.format !== null && this.#l?.(e);
  }
  stop(e) {
    if (e === "superseded") this.#s?.drop();
    else if (this.#a.isWhole || !this.#s?.stop()) return;
    this.#l = null;
  }
  finish() {
    return this.#a.publish();
  }
  async close() {
    this.#s?.drop(), await this.#a.close();
  }
  #u(e) {
    this.#r = e;
    let t = this.#a;
    return this.#s = new Rs(this.#t, {
      over: e.closed,
      get isWhole() {
        return t.isWhole;
      },
      next: () => this.#c(),
      begin: (s, r) => this.#f(e, s, r),
      ready: (s) => this.#v(e, s),
      replaced: () => this.#h(e),
      fail: (s) => e.fail(s),
    }, this.#e.reconnectMs);
  }
  #c() {
    let { part: e, nextByte: t } = this.#a,
      { name: s, soughtSeconds: r } = this,
      i = this.#o ? void 0 : e?.etag ?? void 0;
    return e?.bytes === null
      ? { song: s }
      : r !== null
      ? { song: s, from: r, etag: i }
      : e === null
      ? { song: s }
      : { song: s, offset: t ?? 0, etag: i };
  }
  #h(e) {
    let { format: t } = this;
    if (this.#o = !0, this.#a.drop(), t) {
      let { heardBytes: s } = e.pump;
      this.#i ??= ce(t, s);
    }
    this.used(e.discard());
  }
  #f(e, t, s) {
    let { session: r, start: i } = t,
      o = this.#a,
      l = "offset" in s,
      { knownBytes: u = 0 } = l ? s : {},
      c = { ...i, offset: i.offset + u, bytes: i.bytes && i.bytes - u };
    if (l && !o.fits(c)) {
      return e.fail(
        new g("changed", `Cannot continue ${i.song}: its content has changed`),
      );
    }
    this.#l = (h) => r.send(h(i.stream)), this.#p(e, t, u);
    try {
      this.#y(e, r, c, l);
    } catch (h) {
      return o.begin(c, !1), e.unplayable(h);
    }
    o.part === null && this.#g(i),
      o.begin(c),
      this.#i = null,
      this.#o = !1,
      i.at !== void 0 && !l && e.pump.startIn(Xa(r, this.#t.clock, i.at)),
      e.changed();
  }
  #p(e, t, s) {
    let r = this.#a;
    t.listener = {
      data: (i) => {
        let o = Math.min(s, i.length);
        s -= o, o > 0 && t.used(o);
        let l = r.receive(t, i.subarray(o));
        l.length > 0 && e.pump.push(l),
          t.start.bytes === null && e.pump.keepUp();
      },
      end: () => this.#m(e, t),
      stopped: ({ code: i, reason: o }) => {
        i === void 0 ? e.end("stopped") : e.fail(new ut(i, o, !1));
      },
      displaced: () => this.#d(e, t),
    };
  }
  #d(e, t) {
    if (e.pump.borrower) return;
    if (t.start.group !== void 0) return e.end("replaced");
    let s = this.#a.nextByte !== null;
    t.isComplete || !s || e.over || this.#s.request(t.session);
  }
  #g({ song: e, etag: t, bytes: s, offset: r, format: i }) {
    let { cache: o, link: { place: l } } = this.#e;
    if (!o || t === null || s === null || r !== 0) return;
    let u = { song: e, etag: t, bytes: s, format: i };
    this.#a.storeIn(o.store(l, u), 0);
  }
  #y({ pump: e }, t, { format: s, offset: r, song: i }, o) {
    t.widen(it(s, i));
    let l = this.#a.foreignBytes(t),
      u = t.windowBytes + l,
      c = Math.max(r - s.dataOffset, 0);
    o ? e.widen(u) : e.begin(s, c, u);
  }
  #m(e, t) {
    if (this.#a.nextByte !== null) {
      try {
        this.#a.complete(t.sha256), e.pump.complete();
      } catch (s) {
        e.fail(s);
      }
    }
  }
  async #v(e, t) {
    let { part: s } = this.#a,
      r = s ? it(s.format, s.song) : 0,
      i = t.windowBytes + r;
    e.pump.bufferedBytes > i && this.#w(e, t), await e.drainedTo(i, t.over);
  }
  #w(e, t) {
    let { song: s, etag: r, offset: i, bytes: o } = this.#a.part;
    r === null || o === null ||
      $u(t, s, { etag: r, bytes: i + o }).then(({ stream: l }) => {
        t.failure || !this.#s.isReconnecting ||
          (this.#l = (u) => t.send(u(l)), e.changed());
      }, () => {});
  }
};
var Ns = class {
  pump;
  #e;
  #t = new ae();
  #n = Promise.withResolvers();
  #s = new AbortController();
  constructor(e, t) {
    this.pump = e, this.#e = t, this.#n.promise.catch(() => {});
  }
  get over() {
    return this.pump.over;
  }
  get closed() {
    return this.#s.signal;
  }
  get failed() {
    return this.#n.promise;
  }
  changed() {
    this.#e.changed();
  }
  end(e) {
    this.#e.end(e);
  }
  unplayable(e) {
    this.#e.unplayable(e);
  }
  fail(e) {
    this.closed.aborted || this.#n.reject(M(e));
  }
  close() {
    this.pump.stop(), this.#t.notify(), this.#s.abort();
  }
  drained() {
    this.#t.notify();
  }
  clear() {
    let e = this.pump.clear();
    return this.#t.notify(), e;
  }
  discard() {
    let e = this.clear();
    return this.pump.drop(), e;
  }
  async roomFor(e) {
    for (; this.pump.room < e && !this.over;) await this.#t.notified();
  }
  async drainedTo(e, t) {
    let s = () => this.#t.notify();
    for (
      t.addEventListener("abort", s, { signal: this.closed });
      this.pump.bufferedBytes > e && !this.over && !t.aborted;
    ) await this.#t.notified();
  }
};
var Qp = 5e3,
  ju = 4e3,
  $i = 6e5,
  Ps = class {
    #e;
    #t;
    #n;
    #s = null;
    constructor(e, t, s) {
      this.#e = e, this.#t = t, this.#n = s;
    }
    async run(e, t) {
      for (; !t.aborted;) {
        let s = this.#t.now(), r = new AbortController();
        this.#r(r.signal);
        try {
          return await e.run();
        } catch (l) {
          this.#i(M(l), t);
        } finally {
          r.abort();
        }
        let o = this.#t.now() - s >= ju ? e.heardBytes : e.runFromBytes;
        await this.#e.abort(), this.#n.goBack(o), await this.#t.sleep(Qp, t);
      }
    }
    async #r(e) {
      this.#s !== null &&
        (await this.#t.sleep(ju, e),
          !e.aborted && (this.#s = null, this.#n.changed(null)));
    }
    #i(e, t) {
      if (e.code === "interrupted" || t.aborted) throw e;
      let s = this.#t.now();
      if (this.#s ??= s, s - this.#s >= $i) throw e;
      this.#n.changed(e);
    }
  };
var Hu = { start: .25, gap: .5 },
  Ls = class {
    #e = "held";
    #t = 0;
    underruns = 0;
    get isFlowing() {
      return this.#e === "flowing";
    }
    begin() {
      this.hold(), this.#t = Hu.start;
    }
    hold() {
      this.isFlowing && (this.#e = "held");
    }
    ranDry() {
      this.#e = "gap", this.#t = Hu.gap, this.underruns++;
    }
    wrote() {
      let e = this.#e === "gap";
      return this.#e = "flowing", e;
    }
    isShort(e, { bytes: t, hasRoom: s, isComplete: r }) {
      return (t >= ue(e) * this.#t || r || !s) && (this.#t = 0), this.#t > 0;
    }
  };
var ed = 256,
  Us = class {
    #e = new Uint8Array(0);
    #t;
    #n;
    #s = 0;
    #r = 0;
    constructor(e, t) {
      this.#t = e, this.#n = t;
    }
    get bytes() {
      return this.#r;
    }
    get room() {
      return this.#t - this.#r;
    }
    push(e) {
      if (e.length > this.room) {
        throw new g(
          "bad-frame",
          `Cannot accept ${e.length} bytes of data: ${this.room} were granted`,
        );
      }
      if (e.length === 0) return;
      this.#i(e.length);
      let t = (this.#s + this.#r) % this.#e.length,
        s = Math.min(e.length, this.#e.length - t);
      s === e.length
        ? this.#e.set(e, t)
        : (this.#e.set(e.subarray(0, s), t), this.#e.set(e.subarray(s), 0)),
        this.#r += e.length;
    }
    shift(e) {
      let t = Math.min(e, this.#r),
        s = this.#s + t,
        r = this.#e.subarray(this.#s, s);
      if (
        this.#r -= t,
          this.#s = this.#e.length && s % this.#e.length,
          r.length === t && t <= this.#n
      ) return r;
      let i = new Uint8Array(t);
      return i.set(r), i.set(this.#e.subarray(0, t - r.length), r.length), i;
    }
    release() {
      let { length: e } = this.#e, t = this.#s + this.#r;
      this.#r > ed || t > e || (this.#e.copyWithin(0, this.#s, t), this.#s = 0);
    }
    clear() {
      let e = this.#r;
      return this.#r = 0, e;
    }
    widen(e) {
      this.#t = Math.max(this.#t, e);
    }
    #i(e) {
      let t = this.#r + e + this.#n;
      if (t <= this.#e.length) return;
      let s = this.#t + this.#n,
        r = new Uint8Array(Math.min(s, 2 * t)),
        i = this.#s + this.#r,
        o = this.#e.subarray(this.#s, i);
      r.set(o),
        r.set(this.#e.subarray(0, this.#r - o.length), o.length),
        this.#e = r,
        this.#s = 0;
    }
  };
var td = 50,
  nd = 6e4,
  $s = class {
    #e = { is: "none" };
    expect() {
      let e = { is: "waiting" };
      return this.#e = e, (t) => {
        this.#e === e &&
          (this.#e = t === null ? { is: "none" } : { is: "due", atMs: t });
      };
    }
    cancel() {
      this.#e = { is: "none" };
    }
    waitMs(e, t) {
      let s = this.#e;
      if (s.is === "waiting") return 1 / 0;
      if (s.is !== "due") return 0;
      let r = t - s.atMs;
      if (r < 0) return Math.min(Math.ceil(-r), nd);
      let i = r > td ? jt(e, r / 1e3) : 0;
      return this.#e = { is: "late", bytes: i }, 0;
    }
    get lateBytes() {
      return this.#e.is === "late" ? this.#e.bytes : 0;
    }
    skipped(e) {
      this.#e.is === "late" && (this.#e.bytes -= e);
    }
  };
var sd = .1,
  Gu = 256 * 1024,
  rd = 1.5,
  qu = .25,
  Bs = class {
    #e;
    #t;
    #n;
    #s = new ae();
    #r = new Us(0, Gu);
    #i = new Ls();
    #o = new $s();
    #a = null;
    #l = !1;
    #u = !1;
    #c = !1;
    #h = !1;
    #f = null;
    #p = 0;
    #d = null;
    #g = 1;
    writtenBytes = 0;
    constructor(e, t, s) {
      this.#e = e, this.#t = t, this.#n = s;
    }
    set gain(e) {
      this.#g = e, this.#e.setGain(e);
    }
    get underruns() {
      return this.#i.underruns;
    }
    get bufferedBytes() {
      return this.#r.bytes;
    }
    get room() {
      return this.#r.room;
    }
    get level() {
      return this.#a === null || this.#l ? 0 : this.#e.level;
    }
    get paused() {
      return this.#f?.paused ?? this.#l;
    }
    get borrower() {
      return this.#f;
    }
    get format() {
      return this.#a;
    }
    get nextByte() {
      return this.#p;
    }
    get isComplete() {
      return this.#u;
    }
    get heardBytes() {
      if (this.#f) return this.#f.heardByte();
      let e = this.#e.unheardBytes(this.#t);
      return Math.max(0, this.#p - Math.round(e));
    }
    get runFromBytes() {
      return this.#d ?? this.#p;
    }
    begin(e, t, s) {
      this.#a = e,
        this.#p = t,
        this.#d = null,
        this.#r.widen(s),
        this.#u = !1,
        this.#i.begin(),
        this.#o.cancel(),
        this.#s.notify();
    }
    startIn(e) {
      let t = this.#o.expect();
      e.then((s) => {
        t(s === null ? null : this.#t.now() + s), this.#s.notify();
      });
    }
    widen(e) {
      this.#r.widen(e);
    }
    push(e) {
      this.#r.push(e), this.#s.notify();
    }
    keepUp() {
      let e = this.#a;
      if (e === null || this.#f) return;
      if (!this.#h) return this.#y(e, qu);
      let t = rd * ue(e);
      this.#r.bytes <= t || (this.#y(e, qu), this.#i.underruns++);
    }
    #y(e, t) {
      let s = Math.round(t * e.rate) * j(e), r = Ue(e, this.#r.bytes - s);
      if (r <= 0) return;
      let { length: i } = this.#r.shift(r);
      this.#p += i, this.#n.used(i);
    }
    complete() {
      this.#u = !0, this.#s.notify();
    }
    lend(e) {
      this.#f = e, this.#s.notify();
    }
    take(e) {
      let t = this.#r.shift(e);
      return this.#p += t.length,
        !this.#h && t.length > 0 &&
        (this.#h = !0, this.#n.opened(this.#f?.label ?? "")),
        this.writtenBytes += t.length,
        this.#n.used(t.length),
        this.#u && this.#r.bytes === 0 && this.#s.notify(),
        t;
    }
    missed() {
      this.#i.underruns++, this.#n.gap();
    }
    clear() {
      return this.#u = !1, this.#i.hold(), this.#o.cancel(), this.#r.clear();
    }
    drop() {
      this.#e.drop(this.#t);
    }
    pause() {
      this.#l = !0, this.#o.cancel();
    }
    resume() {
      this.#l = !1, this.#i.hold(), this.#s.notify();
    }
    get over() {
      return this.#c;
    }
    stop() {
      this.#c = !0, this.#s.notify();
    }
    async run() {
      let e = new AbortController(), t = () => this.#s.notify();
      this.#e.listen({ failed: t }, e.signal),
        this.#i.hold(),
        this.#d = null,
        await Promise.resolve();
      try {
        await this.#m();
      } finally {
        e.abort();
      }
    }
    async #m() {
      for (; !this.#c;) {
        if (this.#f) {
          if (this.#u && this.#r.bytes === 0) return;
          await this.#s.notified();
          continue;
        }
        this.#e.throwIfFailed();
        let e = this.#a;
        if (e === null || this.#l) {
          await this.#s.notified();
          continue;
        }
        let t = await this.#e.for(e);
        if (this.#c || this.#l || this.#f || this.#a !== e) continue;
        let s = this.#t.now(), r = t.pacer ? this.#o.waitMs(e, s) : 0;
        if (r > 0) {
          await this.#v(r);
          continue;
        }
        this.#w(), this.#h || (this.#h = !0, this.#n.opened(t.sink.label));
        let i = Ue(e, this.#r.bytes);
        if (i === 0 && this.#u) return;
        await this.#k(e, i, t);
      }
    }
    #v(e) {
      return this.#s.notifiedWithin(e, this.#t);
    }
    #w() {
      let { lateBytes: e } = this.#o;
      if (e === 0) return;
      let { length: t } = this.#r.shift(e);
      t !== 0 && (this.#o.skipped(t), this.#p += t, this.#n.used(t));
    }
    async #k(e, t, { sink: s, pacer: r }) {
      let i = this.#t.now(),
        o = this.room > 0,
        l = { bytes: t, hasRoom: o, isComplete: this.#u };
      if (t === 0 || this.#i.isShort(e, l)) return await this.#b(r, i);
      let u = ue(e) * sd,
        c = Math.min(t, Math.max(u, j(e))),
        h = r?.due(i) ?? Gu;
      if (r && h < c) return await this.#v(r.msUntilDue(c, i));
      let m = this.#r.shift(Math.min(t, Ue(e, h)));
      r?.wrote(m.length, i),
        this.#d ??= this.#p,
        this.#p += m.length,
        this.writtenBytes += m.length,
        this.#n.used(m.length),
        this.#i.wrote() && this.#n.gapOver(),
        await this.#e.write(s, m, this.#g),
        r || this.#r.release();
    }
    async #b(e, t) {
      if (!e || !this.#i.isFlowing) return this.#s.notified();
      if (!e.isDry(t)) {
        let s = e.unheard(t) / e.bytesPerMs;
        return await this.#v(Math.ceil(s));
      }
      this.#i.ranDry(), this.#n.gap();
    }
  };
var id = 500;
function Wu(n, e, { over: t, problem: s }) {
  let r = !e.paused && !t && s === null;
  return {
    type: "state",
    stream: n,
    position: r ? e.positionSeconds : od(e, t),
    playing: r,
    volume: e.volume,
    underruns: e.underruns,
    ...s !== null && { problem: ad(s) },
    ...e.step && { step: e.step },
  };
}
function od({ positionSeconds: n, lengthSeconds: e }, t) {
  if (e === null) return n;
  if (t) return e;
  let s = Math.max(0, e - nu - .001);
  return Math.min(n, s);
}
function ad(n) {
  return [...n].slice(0, id).join("");
}
var js = class {
  #e;
  #t;
  #n;
  #s;
  #r;
  #i;
  #o = { is: "playing" };
  #a;
  #l = new Re();
  #u = null;
  #c = !0;
  #h = 100;
  #f = 1;
  #p = !1;
  constructor(e) {
    let { source: t, output: s, clock: r, signal: i } = e;
    this.#e = t,
      this.#a = s,
      this.#s = i,
      this.#r = r,
      this.#i = e.outlivesPlayer
        ? new Ps(s, r, {
          changed: (o) => this.#b(o),
          goBack: (o) => this.#_(o),
        })
        : null,
      this.#t = new Bs(s, s.clock ?? r, {
        used: (o) => {
          this.#n.drained(), t.used?.(o);
        },
        opened: (o) => this.#l.notify((l) => l.started?.(this.state, o)),
        gap: () => this.#m(),
        gapOver: () => this.#m(),
      }),
      this.#n = new Ns(this.#t, {
        changed: () => this.#m(),
        end: (o) => this.#g(o),
        unplayable: (o) => this.#k(M(o)),
      });
  }
  async run(e, t) {
    let s = this.#e, r = t?.begins ?? null;
    this.#c = r === null;
    try {
      let i = s.start(this.#n, e);
      return await this.#x(i, r && this.#y(r)), await s.finish?.(), this.soFar;
    } catch (i) {
      throw s.stop?.("ended"), i;
    } finally {
      this.#n.close(),
        (this.skipped || !t?.isFollowed()) && this.#m(),
        s.used?.(this.#n.clear()),
        await s.close();
    }
  }
  listen(e) {
    this.#l.add(e);
  }
  get state() {
    let e = this.#t, { name: t, format: s, soughtSeconds: r } = this.#e;
    return s === null ? null : {
      song: t,
      format: s,
      positionSeconds: r ?? ce(s, e.heardBytes),
      lengthSeconds: s.dataBytes === null ? null : ce(s, s.dataBytes),
      bufferedSeconds: ce(s, e.bufferedBytes),
      level: e.level,
      underruns: e.underruns,
      volume: this.#h,
      paused: e.paused,
      ...e.borrower && { step: e.borrower.step() },
    };
  }
  get soFar() {
    let { writtenBytes: e, underruns: t } = this.#t,
      { name: s, format: r, reconnects: i = 0 } = this.#e,
      o = r ? ce(r, e) : 0,
      l = this.#o.is === "skipped" ? this.#o.reason : "finished";
    return {
      song: s,
      seconds: o,
      bytes: e,
      underruns: t,
      reconnects: i,
      reason: l,
    };
  }
  get skipped() {
    return this.#o.is === "skipped";
  }
  lend(e) {
    return this.#t.lend(e), this.#t;
  }
  grantAll() {
    this.#e.used?.(this.#t.bufferedBytes);
  }
  get isWritten() {
    return this.#t.isComplete && this.#t.bufferedBytes === 0;
  }
  get over() {
    return this.#n.closed;
  }
  fail(e) {
    this.#n.fail(e);
  }
  report() {
    this.#m();
  }
  continueWith(e) {
    return !this.skipped && (this.#e.continueWith?.(e) ?? !1);
  }
  pause() {
    this.#t.pause(), this.#m();
  }
  resume() {
    this.#t.resume(), this.#m();
  }
  get volume() {
    return this.#h;
  }
  set volume(e) {
    let t = this.#h;
    this.#h = Math.min(100, Math.max(0, e)),
      this.#d(),
      this.#m(),
      this.#h !== t && this.#l.notify((s) => s.volume?.(this.#h));
  }
  set gain(e) {
    this.#f = e, this.#d();
  }
  #d() {
    this.#t.gain = this.totalGain;
  }
  get totalGain() {
    return this.#p ? 0 : this.#f * this.#h / 100;
  }
  set muted(e) {
    this.#p = e, this.#d();
  }
  get problem() {
    let e = this.#o;
    return e.is === "failing" ? e.problem.message : this.#u;
  }
  set problem(e) {
    e !== this.#u && (this.#u = e, this.#m());
  }
  seek(e) {
    return this.#e.seek(e);
  }
  skip(e = "skipped") {
    this.#g(e), this.#t.drop(), this.#e.stop?.("ended");
  }
  supersede() {
    this.#e.stop?.("superseded"),
      !this.#t.over && !this.#t.borrower && (this.#t.drop(), this.#a.cut()),
      this.#g("replaced"),
      this.#e.used?.(this.#n.clear());
  }
  #g(e) {
    let t = this.#o.is === "failing";
    this.skipped || (this.#o = { is: "skipped", reason: e }),
      this.#n.close(),
      t && this.#m();
  }
  async #y(e) {
    let { closed: t } = this.#n;
    await Promise.race([e, ks(t)]);
    let s = this.#t.borrower?.unheardMs() ?? this.#a.unheardMs(this.#r);
    this.#r.sleep(s, t).then(() => {
      t.aborted || (this.#c = !0, this.#m());
    });
  }
  #m() {
    this.#c && this.#e.report?.((e) => this.#v(e));
  }
  #v(e) {
    return Wu(e, this.state, {
      over: this.#t.over && !this.#w,
      problem: this.problem,
    });
  }
  get #w() {
    let { clock: e } = this.#a;
    return this.#t.paused && !this.skipped && e !== null &&
      this.#a.unheardBytes(e) > 0;
  }
  #k(e) {
    if (this.#i === null) return this.#n.fail(e);
    this.#b(e), this.#r.sleep($i, this.#n.closed).then(() => this.#n.fail(e));
  }
  #b(e) {
    this.skipped ||
    (this.#o = e ? { is: "failing", problem: e } : { is: "playing" }),
      this.#m(),
      this.#l.notify((t) => t.problem?.(e));
  }
  #_(e) {
    let { format: t } = this.#e;
    t !== null && this.seek(ce(t, e));
  }
  async #x(e, t) {
    let { closed: s, failed: r } = this.#n;
    using i = Es(this.#s);
    let o = () => this.#i?.run(this.#t, s) ?? this.#t.run(),
      l = t ? t.then(o) : o();
    await Promise.race([
      Promise.all([Promise.race([e, ks(s)]), l]),
      r,
      i.promise,
    ]);
  }
};
function zu(n) {
  let { link: e, output: t, outlivesPlayer: s } = n,
    { clock: r, signal: i } = e,
    o = ld(n);
  return new js({
    source: o,
    output: t,
    clock: r,
    signal: i,
    outlivesPlayer: s,
  });
}
function ld(n) {
  let { link: e, cache: t, found: s } = n;
  if (t && s?.song.whole) return new Ms(t, s.song, s.notice);
  let r = new Is(n);
  return !t || !s ? r : new Ds(e, t, s, r);
}
var Hs = class {
  #e = [];
  #t = new Map();
  get first() {
    return this.#e[0];
  }
  get last() {
    return this.#e.at(-1);
  }
  get isFollowed() {
    return this.#e.length > 1;
  }
  all() {
    return this.#e;
  }
  find(e) {
    return this.#e.find((t) => t.playback === e);
  }
  indexOf(e, t) {
    return this.#e.findIndex(({ cast: s }) =>
      s?.session === e && s.start.stream === t
    );
  }
  add(e) {
    this.#e.push(e);
  }
  cut(e) {
    let t = this.#e.splice(e);
    for (let { playback: s } of t) this.#t.delete(s);
    return t;
  }
  remove(e) {
    this.#e = this.#e.filter((t) => t.playback !== e),
      this.#t.delete(e),
      this.#n();
  }
  announce(e, t) {
    this.#t.set(e, t), this.#n();
  }
  #n() {
    let { first: e } = this, t = e && this.#t.get(e.playback);
    t && (this.#t.delete(e.playback), t());
  }
};
var Gs = class {
  #e = [];
  #t = null;
  #n = null;
  start(e, t) {
    let s = this.#o(t);
    if (s === void 0) {
      this.#e = [e];
      return;
    }
    s.length = s.findIndex(({ id: r }) => r === t) + 1,
      s.push(e),
      this.#e = s,
      this.#a();
  }
  follow(e, t, s) {
    let r = this.#o(e.take);
    return r === void 0
      ? !1
      : (this.#r(s), this.#n = { ...e, row: r, clock: t }, this.#r(s), !0);
  }
  stop(e) {
    let t = this.#o(e);
    t !== void 0 && (t.length = t.findIndex(({ id: s }) => s === e), this.#a());
  }
  clear() {
    this.#e = [], this.#t = this.#n = null;
  }
  placeAt(e) {
    let t = this.#s(e);
    return t === null || Number.isNaN(e(t.clock)) ? null : Ot(t, e(t.clock));
  }
  behindUs(e, t, s) {
    let r = this.#s(s);
    if (r === null) return null;
    let i = Ni(r, e, t);
    return i === null ? null : s(r.clock) - i;
  }
  untilChangeUs(e) {
    let t = this.#s(e),
      s = this.#n,
      r = [
        t?.atUs && t.atUs - e(t.clock),
        s && s !== t && s.sinceUs - e(s.clock),
      ].filter((i) => typeof i == "number" && i > 0);
    return Math.min(1 / 0, ...r);
  }
  needed(e) {
    this.#r(e);
    let t = [...this.#e, ...this.#n?.row ?? []],
      s = new Set(t.map(({ id: p }) => p)),
      r = new Set(),
      [i, o] = [this.#t, this.#n];
    if (i === null) return { takes: s, leaving: r };
    let l = e(i.clock);
    if (Number.isNaN(l)) {
      for (let { id: p } of i.row) s.add(p);
      return { takes: s, leaving: r };
    }
    let u = Ot(i, l),
      h = o !== null && o.row !== i.row
        ? Ot(i, l + o.sinceUs - e(o.clock))
        : null,
      m = u.kind === "ended" && o?.row !== i.row;
    for (let { id: p } of i.row) {
      m || p < u.take.id
        ? s.delete(p)
        : h === null
        ? s.add(p)
        : p <= h.take.id && h.kind !== "paused" && r.add(p);
    }
    for (let p of r) s.add(p);
    return { takes: s, leaving: r };
  }
  followerOf(e) {
    let t = this.#o(e) ?? [];
    return t[t.findIndex(({ id: s }) => s === e) + 1]?.id;
  }
  #s(e) {
    let t = this.#n;
    return t !== null && e(t.clock) >= t.sinceUs ? t : this.#t;
  }
  #r(e) {
    let t = this.#n;
    t !== null && e(t.clock) >= t.sinceUs && (this.#t = t, this.#n = null),
      this.#i(e);
  }
  #i(e) {
    let t = this.#t;
    if (t === null || Number.isNaN(e(t.clock)) || t.atUs === null) return;
    let { kind: s, take: r } = Ot(t, e(t.clock)), i = t.row.indexOf(r);
    if (s !== "playing" || i < 2) return;
    let { id: o, fromFrame: l } = r, u = Ni(t, o, l);
    t.row.splice(0, i - 1), this.#t = { ...t, take: o, frame: l, atUs: u };
  }
  #o(e) {
    return [this.#e, this.#n?.row, this.#t?.row].find((s) =>
      s?.some(({ id: r }) => r === e)
    );
  }
  #a() {
    this.#n && !Vu(this.#n) && (this.#n = null),
      this.#t && !Vu(this.#t) && (this.#t = null);
  }
};
function Vu({ row: n, take: e }) {
  return n.some(({ id: t }) => t === e);
}
var qs = class {
  #e = null;
  #t = 0;
  #n = 0;
  get errorUs() {
    return this.#e;
  }
  correct(e, t, s = null) {
    let r = Bi(e, 1e4),
      i = this.#e ?? r,
      o = Math.min(1, t / .2),
      l = this.#e = i + (r - i) * o;
    if (this.#n = Math.abs(e) > 1e4 ? this.#n + t : 0, this.#n >= .05) {
      return { is: "jump" };
    }
    let u = Math.max(0, Math.abs(l) - 10), c = Math.sign(l) * u / 1e6;
    if (s !== null && Math.abs(l) < 300) {
      let m = c * t / 4;
      this.#t = Bi(this.#t + m, 5e-4);
    }
    let h = c / .5 + this.#t + (s ?? 0);
    return { is: "ratio", ratio: 1 + Bi(h, .003) };
  }
  begin() {
    this.#e = null, this.#n = 0;
  }
};
function Bi(n, e) {
  return Math.max(-e, Math.min(e, n));
}
var ud = .3,
  Ws = 100,
  cd = 1e3,
  zs = class {
    output;
    format;
    leadSeconds;
    #e;
    #t;
    #n = null;
    constructor(e, t) {
      this.output = e,
        this.format = e.sink.format,
        this.leadSeconds = e.sink.leadSeconds ?? ud,
        this.#e = j(this.format),
        this.#t = t;
      let { pacer: s, writtenBytes: r } = e;
      if (s === null || r === 0) return;
      let i = r - s.unheard(t);
      this.#n = t - i / s.bytesPerMs;
    }
    get grade() {
      let { sink: e } = this.output;
      return e.grade === "exact" && e.heard?.() ? "exact" : "approximate";
    }
    get drift() {
      return this.output.sink.heard?.()?.drift ?? null;
    }
    get writtenFrames() {
      return this.output.writtenBytes / this.#e;
    }
    dueFrames(e) {
      let { rate: t } = this.format, s = this.writtenFrames - this.#r(e);
      return Math.floor(this.leadSeconds * t - s);
    }
    unheardMs(e) {
      let t = this.writtenFrames - this.#r(e);
      return Math.max(0, t * 1e3 / this.format.rate);
    }
    soundsAtMs(e) {
      let { sink: t } = this.output,
        s = (o) => o * 1e3 / this.format.rate,
        r = t.heard?.();
      if (r) {
        let o = s(this.writtenFrames - r.frames);
        return r.atMs + o / (1 + (r.drift ?? 0));
      }
      return t.heard !== void 0 && t.grade === "exact" && e - this.#t < cd
        ? null
        : this.#s(e);
    }
    wrote(e) {
      this.#n ??= e + Ws - this.writtenFrames * 1e3 / this.format.rate;
    }
    #s(e) {
      let t = this.writtenFrames * 1e3 / this.format.rate,
        s = (this.#n ?? e + Ws - t) + t;
      return s >= e ? s : (this.#n = e + Ws - t, e + Ws);
    }
    #r(e) {
      let { rate: t } = this.format,
        s = this.output.sink.heard?.(),
        r = s
          ? s.frames + (e - s.atMs) * t / 1e3
          : (e - (this.#n ?? e)) * t / 1e3;
      return Math.min(Math.max(r, 0), this.writtenFrames);
    }
  };
function Xu({ offset: n, format: e }) {
  let t = Math.max(0, n - e.dataOffset);
  return Math.ceil(t / j(e));
}
function Ku(n, e) {
  let { format: t, entry: s = 0 } = e,
    { rate: r, dataBytes: i } = t,
    o = i === null ? null : i / j(t) - Xu(e),
    l = o === null ? null : Math.max(o, .001);
  return { id: n, entry: s, rateHz: r, fromFrame: 0, endFrame: l };
}
var hd = 1.5,
  fd = 4 << 20,
  pd = 4096,
  Vs = class {
    take;
    format;
    #e;
    #t;
    #n;
    #s = new Xs();
    #r = new Xs();
    constructor(e, t, s) {
      this.take = e,
        this.format = t.format,
        this.#e = s,
        this.#t = Xu(t),
        this.#n = j(t.format);
    }
    get nextFrame() {
      return (this.#e.nextByte + this.#o - this.#r.bytes) / this.#n - this.#t;
    }
    get frames() {
      let e = this.#e.bufferedBytes - this.#o;
      return Math.max(0, Math.floor(e / this.#n)) + this.#r.bytes / this.#n;
    }
    get isComplete() {
      return this.#e.isComplete || this.#e.over;
    }
    read(e) {
      let t = e * this.#n,
        s = this.#r.bytes > 0 ? this.#r.shift(t) : this.#i(t);
      this.#s.push(s);
      let { rate: r } = this.format, i = Math.round(hd * r) * this.#n;
      return this.#s.trim(Math.min(i, fd)), s;
    }
    #i(e) {
      return this.#o > 0 && this.#e.take(this.#o), this.#e.take(e).slice();
    }
    moveTo(e) {
      let t = (this.nextFrame - e) * this.#n;
      for (; t > 0 && this.#s.bytes > 0;) {
        let s = this.#s.pop(t);
        this.#r.unshift(s), t -= s.length;
      }
      for (; this.nextFrame < e && this.frames > 0;) {
        let s = Math.min(e - this.nextFrame, this.frames, pd);
        this.read(Math.ceil(s));
      }
      return this.nextFrame === e;
    }
    missed() {
      this.#e.missed();
    }
    byteAt(e) {
      return Math.round(e + this.#t) * this.#n;
    }
    get #o() {
      let e = this.#e.nextByte % this.#n;
      return e === 0 ? 0 : this.#n - e;
    }
  },
  Xs = class {
    #e = [];
    bytes = 0;
    push(e) {
      this.#e.push(e), this.bytes += e.length;
    }
    unshift(e) {
      this.#e.unshift(e), this.bytes += e.length;
    }
    shift(e) {
      let t = this.#e.shift();
      return this.bytes -= t.length,
        t.length > e && this.unshift(t.subarray(e)),
        t.subarray(0, e);
    }
    pop(e) {
      let t = this.#e.pop();
      this.bytes -= t.length;
      let s = Math.max(0, t.length - e);
      return s > 0 && this.push(t.subarray(0, s)), t.subarray(s);
    }
    trim(e) {
      for (; this.bytes - (this.#e[0]?.length ?? 0) >= e;) {
        this.bytes -= this.#e.shift().length;
      }
    }
  };
var Ks = class {
  #e = new Map();
  #t = 0;
  get isEmpty() {
    return this.#e.size === 0;
  }
  add(e, t, s) {
    let r = Ku(++this.#t, t.start),
      i = e.lend(s(r.id)),
      o = new Vs(r.id, t.start, i);
    return this.#e.set(r.id, { playback: e, stream: t, pcm: o }), r;
  }
  get(e) {
    return e === void 0 ? void 0 : this.#e.get(e);
  }
  remove(e) {
    this.#e.delete(e);
  }
  clear() {
    this.#e.clear();
  }
  entries() {
    return [...this.#e];
  }
  takeOfStream(e, t) {
    return this.entries().find(([, { stream: r }]) =>
      r.session === e && r.start.stream === t
    )?.[0];
  }
};
var Ju = ["FL", "FR"],
  Ys = ["FL", "FR", "FC", "LFE", "BL", "BR"],
  E_ = [...Ys, "SL", "SR"],
  te = Math.SQRT1_2,
  Zu = {
    FL: [[te, "FC"]],
    FR: [[te, "FC"]],
    FC: [[te, "FL", "FR"]],
    LFE: [[te, "FC"], [.5, "FL", "FR"]],
    BL: [[1, "SL"], [te, "FL"]],
    BR: [[1, "SR"], [te, "FR"]],
    FLC: [[1, "FL"]],
    FRC: [[1, "FR"]],
    BC: [[te, "BL", "BR"], [te, "SL", "SR"], [.5, "FL", "FR"]],
    SL: [[1, "BL"], [te, "FL"]],
    SR: [[1, "BR"], [te, "FR"]],
    TC: [[.5, "FL", "FR"]],
    TFL: [[te, "FL"]],
    TFC: [[te, "FC"], [.5, "FL", "FR"]],
    TFR: [[te, "FR"]],
    TBL: [[te, "BL"], [te, "SL"], [.5, "FL"]],
    TBC: [[.5, "BL", "BR"], [.5, "SL", "SR"], [.5, "FL", "FR"]],
    TBR: [[te, "BR"], [te, "SR"], [.5, "FR"]],
  },
  Yu = Zu.FC;
function Qu(n, e) {
  let t = e.map(() => n.map(() => 0));
  n.forEach((i, o) => {
    let [l, ...u] = dd(i, e);
    for (let c of u) t[e.indexOf(c)][o] = l;
  });
  let s = t.map((i) => i.reduce((o, l) => o + l, 0)), r = Math.max(1, ...s);
  return t.map((i) => i.map((o) => o / r));
}
function dd(n, e) {
  return n !== null && e.includes(n)
    ? [1, n]
    : (n === null ? Yu : Zu[n]).find(([, ...s]) =>
      s.every((r) => e.includes(r))
    ) ?? Yu[0];
}
function ec(n) {
  return n.every((e, t) =>
    e.length === n.length && e.every((s, r) => s === +(t === r))
  );
}
function tc(n, e) {
  return e.map((t) => {
    let s = new Float32Array(n[0].length);
    return t.forEach((r, i) => {
      if (r === 0) return;
      let o = n[i];
      for (let l = 0; l < s.length; l++) s[l] += r * o[l];
    }),
      s;
  });
}
function Js(n, e) {
  let t = (o) => el(n, o);
  if (ha(dt(n))) return { channels: n.channels, planes: t };
  let r = n.channels > 2 && e >= Ys.length ? Ys : Ju, i = Qu(ca(n), r);
  return ec(i)
    ? { channels: r.length, planes: t }
    : { channels: r.length, planes: (o) => tc(t(o), i) };
}
var md = 441,
  yd = 3,
  Zs = class {
    #e;
    #t;
    #n = new Map();
    #s = null;
    #r = null;
    #i = [];
    #o = 0;
    constructor(e, t) {
      this.#e = e, this.#t = t;
    }
    get next() {
      let e = this.#i[0];
      return e ? { take: e.take, frame: e.frame } : this.#s && this.#p;
    }
    get step() {
      return (this.#s?.format.rate ?? 0) / this.#t.rate;
    }
    set ratio(e) {
      this.#r && (this.#r.ratio = e);
    }
    stop() {
      this.#i = [], this.#s = null;
    }
    async prepare(e) {
      let t = this.#n.get(e);
      if (t) return t;
      let s = await this.#e({
        channels: this.#t.channels,
        fromHz: e,
        toHz: this.#t.rate,
      });
      this.#n.set(e, s);
      let [r] = this.#n.keys();
      return this.#n.size > yd && this.#n.delete(r), s;
    }
    async begin(e) {
      this.#i = [], await this.#d(e);
    }
    async take(e, t) {
      let s = this.#i.reduce((r, i) => r + i.frames, 0);
      for (; s < e && this.#s;) {
        let r = await this.#a(t);
        if (r === null) break;
        s += r;
      }
      return this.#f(Math.min(e, s));
    }
    async #a(e) {
      let t = this.#s;
      if (t.frames > 0) return this.#l(t);
      if (!t.isComplete) return null;
      let s = e(t.take);
      if (s && s.format.rate === t.format.rate) return this.#s = s, 0;
      let r = this.#u(t);
      return s ? await this.#d(s) : this.#s = null, r;
    }
    #l(e) {
      let t = e.nextFrame - this.#r.delayFrames,
        s = e.read(Math.min(md, e.frames)),
        r = this.#c(gd(e.format, s, this.#t)),
        i = e.nextFrame - this.#r.delayFrames;
      return this.#h(e.take, t, i, r);
    }
    #u(e) {
      let { channels: t } = this.#t,
        s = e.nextFrame - this.#r.delayFrames,
        r = e.nextFrame - s,
        i = this.#c(new Float32Array(Math.ceil(r + 2) * t)),
        o = Math.max(0, Math.round(r / this.step)) * t,
        l = i.subarray(0, o),
        u = s + l.length / t * this.step;
      return this.#h(e.take, s, u, l);
    }
    #c(e) {
      return this.#r.process(e);
    }
    #h(e, t, s, r) {
      let { channels: i } = this.#t, o = r.length / i, l = Math.min(this.#o, o);
      this.#o -= l;
      let u = o - l;
      if (u === 0) return 0;
      let c = (s - t) / o;
      return this.#i.push({
        take: e,
        frame: t + l * c,
        step: c,
        frames: u,
        samples: r.slice(l * i),
      }),
        u;
    }
    #f(e) {
      let { channels: t } = this.#t, s = new Float32Array(e * t);
      for (let r = 0; r < e;) {
        let i = this.#i[0], o = Math.min(i.frames, e - r);
        s.set(i.samples.subarray(0, o * t), r * t),
          i.samples = i.samples.subarray(o * t),
          i.frames -= o,
          i.frame += o * i.step,
          r += o,
          i.frames === 0 && this.#i.shift();
      }
      return s;
    }
    get #p() {
      let { take: e, nextFrame: t } = this.#s, s = this.#o * this.step;
      return { take: e, frame: t - this.#r.delayFrames + s };
    }
    async #d(e) {
      let t = await this.prepare(e.format.rate);
      t.reset(),
        this.#r = t,
        this.#s = e,
        this.#o = Math.max(0, Math.round(t.delayFrames / this.step));
    }
  };
function gd(n, e, { channels: t }) {
  let s = Js(n, t).planes(e), r = new Float32Array(s[0].length * t);
  if (t === 1 && s.length > 1) {
    let [i, o] = s;
    return r.map((l, u) => (i[u] + o[u]) / 2);
  }
  for (let i = 0; i < t; i++) {
    let o = s[s.length === 1 ? 0 : i];
    if (o) { for (let l = 0; l < o.length; l++) r[l * t + i] = o[l]; }
  }
  return r;
}
var vd = .05,
  bd = .002,
  wd = 2,
  Qs = class {
    #e;
    #t;
    #n;
    #s;
    #r;
    #i;
    #o = !1;
    #a;
    constructor(
      {
        line: e,
        songs: t,
        layout: s,
        openResampler: r,
        control: i,
        adopted: o,
        sounds: l,
      },
    ) {
      this.#e = e,
        this.#t = t,
        this.#n = s,
        this.#s = new Zs(r, s),
        this.#r = i,
        this.#a = o,
        this.#i = l;
    }
    async prepare() {
      for (let [e, t] of this.#t.entries().slice(0, wd)) {
        try {
          await this.#s.prepare(t.pcm.format.rate);
        } catch (s) {
          this.#t.remove(e), t.playback.fail(xd(t, s));
        }
      }
    }
    stop() {
      this.#s.stop();
    }
    async samples(e) {
      let { time: t, frames: s, drift: r } = e,
        i = this.#s,
        o = this.#e.placeAt(t);
      if (o?.kind !== "playing") return await this.#c(s);
      if (i.next === null && !await this.#u(o)) return null;
      let { take: l, frame: u } = i.next, c = this.#e.behindUs(l, u, t);
      if (c === null) return await this.#c(s);
      if (r !== void 0) {
        let h = s / this.#n.rate, m = this.#r.correct(c, h, r);
        if (m.is === "jump") return await this.#c(s);
        i.ratio = m.ratio;
      }
      return await this.#l(l, s);
    }
    async #l(e, t) {
      let s = this.#s,
        { channels: r } = this.#n,
        i = await s.take(t, (u) => this.#h(u));
      if (
        s.next && s.next.frame >= 0 && this.#i(s.next.take),
          this.#o && ji(i, r, this.#f, 0, 1),
          this.#o = !1,
          i.length === t * r
      ) return i;
      let o = s.next !== null;
      o && this.#t.get(e)?.pcm.missed(),
        s.stop(),
        o && ji(i, r, i.length / r, 1, 0);
      let l = new Float32Array(t * r);
      return l.set(i), l;
    }
    async #u({ take: e, frame: t }) {
      let s = this.#t.get(e.id)?.pcm;
      if (!s) return !1;
      let r = this.#a === e.id;
      if (this.#a = null, !r && !s.moveTo(Math.round(t))) return !1;
      let i = s.isComplete ? 1 : s.format.rate * vd;
      return s.frames < i
        ? !1
        : (this.#i(e.id),
          await this.#s.begin(s),
          this.#r.begin(),
          this.#o = !r && t > 0,
          !0);
    }
    async #c(e) {
      if (this.#s.next === null) return null;
      let { channels: t } = this.#n,
        s = Math.min(e, this.#f),
        r = await this.#s.take(s, () => null);
      this.#s.stop(), ji(r, t, r.length / t, 1, 0);
      let i = new Float32Array(e * t);
      return i.set(r), i;
    }
    #h(e) {
      return this.#t.get(this.#e.followerOf(e))?.pcm ?? null;
    }
    get #f() {
      return Math.round(this.#n.rate * bd);
    }
  };
function xd({ stream: n, pcm: e }, t) {
  return new g(
    "unsupported",
    `Cannot play ${n.start.song} in step: its sample rate is ${e.format.rate} Hz`,
    { cause: t },
  );
}
function ji(n, e, t, s, r) {
  let i = Math.min(t, n.length / e);
  for (let o = 0; o < i * e; o++) n[o] *= s + (r - s) * Math.floor(o / e) / t;
}
var _d = .01,
  kd = 20,
  Ed = 6e4,
  Sd = 2e3,
  nc = { first: 100, later: 5e3 },
  Ad = 4e3,
  Md = 1,
  Od = 50,
  er = class {
    delayMs = 0;
    #e;
    #t;
    #n;
    #s;
    #r = new Gs();
    #i = new Ks();
    #o = new qs();
    #a = new ae();
    #l = { is: "closed" };
    #u = null;
    #c = null;
    #h = null;
    #f;
    #p = { what: "", atMs: -1 / 0 };
    #d = 0;
    constructor(e, t, s, r) {
      this.#e = e,
        this.#t = t,
        this.#n = s,
        this.#s = r,
        e.serverClock.listen(() => this.#a.notify());
    }
    get isRunning() {
      return this.#l.is !== "closed";
    }
    add(e, t, s = !1) {
      let { session: r, start: i } = t,
        o = this.#i.takeOfStream(r, i.follows),
        l = this.#i.add(e, t, (u) => this.#M(u));
      s && (this.#h = l.id),
        e.over.addEventListener("abort", () => this.#A(l.id)),
        this.#r.start(l, o),
        this.#e.serverClock.active = !0,
        this.#l.is !== "writing" &&
        (this.#l = { is: "writing", done: this.#g(this.#l) }),
        this.#_(),
        this.#a.notify();
    }
    has(e, t) {
      return this.#i.takeOfStream(e, t) !== void 0;
    }
    follow(e, t) {
      let s = this.#i.takeOfStream(e, t.stream),
        r = this.#e.serverClock.current;
      if (s === void 0 || r === null) return !1;
      let { frame: i, at: o, since: l = -1 / 0 } = t;
      return this.#r.follow(
        { take: s, frame: i, atUs: o, sinceUs: l },
        r,
        this.#E,
      ),
        this.#_(),
        this.#a.notify(),
        !0;
    }
    stopped(e, t) {
      for (let [, s] of this.#i.entries()) {
        let r = s.stream.start.stream >= t;
        s.stream.session !== e || !r || s.playback.skip("stopped");
      }
    }
    hold(e) {
      let t = this.#e.serverClock.current,
        s = this.#S(this.#u?.soundsAtMs(this.#n.now())),
        r = this.#r.placeAt(s);
      if (t === null || r === null || r.kind === "paused" === e) return;
      let i = {
        take: r.take.id,
        frame: Math.ceil(r.frame),
        atUs: e ? null : s(t),
        sinceUs: -1 / 0,
      };
      this.#r.follow(i, t, this.#E);
    }
    get step() {
      let t = (this.#u?.leadSeconds ?? Md) * 1e3 + Od + this.delayMs;
      return {
        errorUs: Math.round(this.#o.errorUs ?? 0),
        grade: this.#u?.grade ?? "approximate",
        rttUs: Math.round(this.#e.serverClock.rttUs ?? 0),
        leadMs: Math.round(Math.max(0, t)),
      };
    }
    async end() {
      if (
        this.#e.serverClock.active = !1,
          this.#r.clear(),
          this.#i.clear(),
          this.#l.is === "closed"
      ) return;
      let { done: e } = this.#l;
      this.#l = { is: "ending", done: e }, this.#a.notify(), await e;
    }
    async #g(e) {
      await (e.is === "ending" ? e.done : null), this.#d = this.#n.now();
      let t = !1;
      for (; this.#y;) {
        if (this.#x()) {
          await this.#t.abort(),
            this.#i.isEmpty && (this.#l = { is: "closed" });
          continue;
        }
        let s = this.#n.now(), r = () => this.#n.now() - s >= Ad;
        try {
          await this.#m(() => {
            !t || !r() || (t = !1, this.#s.problem(null));
          });
        } catch (i) {
          let o = t ? nc.later : nc.first;
          t ||= !r(),
            t && this.#s.problem(M(i)),
            await this.#t.abort(),
            await this.#n.sleep(o);
        }
        this.#u = this.#c = null;
      }
      this.#f = void 0, this.#l.is === "ending" && (this.#l = { is: "closed" });
    }
    get #y() {
      return this.#l.is === "writing";
    }
    async #m(e) {
      let t = this.#h;
      this.#h = null;
      let s = this.#u = await this.#v(t !== null),
        r = this.#c = new Qs({
          line: this.#r,
          songs: this.#i,
          control: this.#o,
          openResampler: this.#e.openResampler,
          layout: s.format,
          adopted: t,
          sounds: (o) => this.#b(o),
        }),
        i = Math.round(s.format.rate * _d);
      for (; this.#y && !this.#x();) {
        this.#t.throwIfFailed(),
          await r.prepare(),
          s.dueFrames(this.#n.now()) >= i
            ? (await this.#w(s, r, i), e())
            : await this.#a.notifiedWithin(kd, this.#n),
          this.#_();
      }
    }
    async #v(e) {
      let { layout: t = pa } = this.#e,
        { present: s } = this.#t,
        r = s?.sink.format,
        i = r && (yt(r, t) || e && r.channels === t.channels);
      i || await this.#t.abort();
      let o = i ? s : await this.#t.for(t);
      return new zs(o, this.#n.now());
    }
    async #w(e, t, s) {
      let { format: r, output: i } = e,
        o = this.#n.now(),
        l = e.soundsAtMs(o),
        u = this.#S(l),
        c = Math.min(this.#r.untilChangeUs(u), 1e6),
        h = Math.round(c * r.rate / 1e6),
        m = Math.max(1, Math.min(s, h)),
        p = this.#k(e),
        y = await t.samples({ frames: m, time: u, drift: p }),
        k = m * r.channels * r.bits / 8,
        D = y ? tl(r, y) : Pn(r, k),
        w = this.#i.get(this.#f)?.playback.totalGain ?? 1;
      await this.#t.write(i.sink, D, y ? w : 1), e.wrote(o);
    }
    #k(e) {
      if (e.grade !== "exact") return;
      let { drift: t = 0 } = this.#e.serverClock.current?.estimate ?? {};
      return e.drift === null ? null : t - e.drift;
    }
    #b(e) {
      if (this.#f === e) return;
      this.#f = e;
      let t = this.#i.get(e);
      t && this.#s.sounds(t.playback);
    }
    #_() {
      let { takes: e, leaving: t } = this.#r.needed(this.#E);
      for (let [u, { playback: c }] of this.#i.entries()) {
        e.has(u)
          ? t.has(u) && c.grantAll()
          : (this.#i.remove(u), this.#s.dropped(c));
      }
      let s = this.#n.now(),
        r = this.#r.placeAt(this.#E),
        i = this.#i.get(r?.take.id);
      if (!i) return;
      let o = `${r?.kind} ${r?.take.id}`;
      !(o !== this.#p.what) && s - this.#p.atMs < Sd ||
        (this.#p = { what: o, atMs: s }, i.playback.report());
    }
    #x() {
      let e = this.#n.now();
      return this.#i.isEmpty || (this.#d = e), e - this.#d >= Ed;
    }
    #A(e) {
      this.#i.get(e)?.playback.skipped &&
        (this.#i.remove(e), e >= (this.#f ?? 0) && this.#r.stop(e));
    }
    #E = (e) => this.#S(this.#n.now())(e);
    #S(e) {
      return (t) => e == null ? NaN : Iu(t, e + this.delayMs) ?? NaN;
    }
    #M(e) {
      let t = () => this.#r.placeAt(this.#E),
        s = () => this.#u?.output.sink.label ?? "";
      return {
        get label() {
          return s();
        },
        get paused() {
          return t()?.kind === "paused";
        },
        heardByte: () => {
          let r = this.#i.get(e)?.pcm, i = t();
          if (!r || i === null || i.take.id < e) return r?.byteAt(0) ?? 0;
          let o = i.take.id > e ? r.nextFrame : i.frame;
          return r.byteAt(o);
        },
        unheardMs: () => this.#u?.unheardMs(this.#n.now()) ?? 0,
        step: () => this.step,
      };
    }
  };
var Hi = 100,
  tr = class {
    #e;
    #t;
    #n;
    #s;
    #r = new Hs();
    #i = Hi;
    #o = !1;
    #a = null;
    #l = null;
    constructor(e, t) {
      this.#e = e,
        this.#t = t,
        this.#n = e.outlivesPlayer ?? !0,
        this.#s = this.#u(e);
    }
    #u(e) {
      let { link: t, output: s, step: r, listener: i } = e;
      if (r === void 0) return null;
      let o = new As(t, r.wallMs);
      return new er({ ...r, serverClock: o }, s, t.clock, {
        sounds: (l) => this.#g(l),
        dropped: (l) => this.#y(l),
        problem: (l) => {
          for (let { playback: u } of this.#r.all()) {
            u.problem = l?.message ?? this.#a;
          }
          l ? i.problem(l) : i.recovered?.();
        },
      });
    }
    get playing() {
      return this.#r.first?.playback ?? null;
    }
    queued(e) {
      let { group: t, entry: s, by: r } = this.#r.find(e)?.cast?.start ?? {};
      return t === void 0 ? null : { group: t, entry: s, by: r };
    }
    get volume() {
      return this.#i;
    }
    set volume(e) {
      let t = e !== this.#i;
      this.#i = e;
      for (let { playback: s } of this.#r.all()) s.volume = e;
      t && this.#e.listener.volume?.(e, this.#o);
    }
    set muted(e) {
      let t = e !== this.#o;
      this.#o = e;
      for (let { playback: s } of this.#r.all()) s.muted = e;
      t && this.#e.listener.volume?.(this.#i, e);
    }
    set delayMs(e) {
      this.#s && (this.#s.delayMs = e);
    }
    hold(e) {
      let { playing: t } = this;
      this.#r.first?.begin ? this.#s.hold(e) : e ? t?.pause() : t?.resume();
    }
    get problem() {
      return this.#a;
    }
    set problem(e) {
      this.#a = e;
      for (let { playback: t } of this.#r.all()) t.problem = e;
    }
    play(e, { cast: t, fromSeconds: s } = {}) {
      let r = t ? this.#r.indexOf(t.session, t.start.follows) : -1,
        i = t !== void 0 && this.#h(t);
      if (t && !i && this.#c(t)) return this.playing;
      i || this.#m(r + 1);
      let o = this.#w(e, t);
      if (!i) {
        let u = this.#r.last?.written;
        return this.#d(o, t ?? null, u ?? this.#f(t), s), o;
      }
      this.#r.all().every(({ begin: u }) => u) || this.#m(0);
      let l = Promise.withResolvers();
      return this.#d(o, t, l.promise, void 0, l.resolve), this.#s.add(o, t), o;
    }
    #c(e) {
      let t = this.#r.first;
      return !(t?.cast?.session.failure && e.start.group !== void 0) ||
          t.begin || !t.playback.continueWith(e)
        ? !1
        : (this.#m(1), t.cast = e, !0);
    }
    line(e, t) {
      let s = this.#s;
      if (
        !(s === null || s.follow(e, t)) && !(this.#r.indexOf(e, t.stream) < 0)
      ) {
        for (let [r, i] of this.#r.all().entries()) {
          i.cast === null || i.begin ||
            (i.begin = () => {}, s.add(i.playback, i.cast, r === 0));
        }
        s.follow(e, t);
      }
    }
    stopped(e, t) {
      this.#s?.stopped(e, t);
    }
    #h({ session: e, start: t }) {
      return this.#s === null || t.group === void 0
        ? !1
        : t.group !== e.greeting?.key || this.#s.has(e, t.follows);
    }
    #f(e) {
      let t = this.#s;
      return t?.isRunning ? this.#p(t, e) : (t?.end(), null);
    }
    async #p(e, t) {
      await e.end();
      let { output: s } = this.#e, r = s.present?.sink.format;
      r && t && yt(r, t.start.format) || await s.abort();
    }
    #d(e, t, s, r, i = null) {
      let { promise: o, resolve: l } = Promise.withResolvers();
      this.#r.add({ playback: e, cast: t, written: o, begin: i }),
        this.#k(e, l, s, r).catch((u) => this.#t.failed(M(u)));
    }
    #g(e) {
      let t = this.#r.find(e);
      if (t === void 0) return;
      let s = this.#r.all().slice(0, this.#r.all().indexOf(t));
      for (let { playback: r } of s) r.isWritten || this.#y(r);
      t.begin?.();
    }
    #y(e) {
      if (!this.#r.find(e)) return;
      let t = this.playing === e;
      e.supersede(),
        t && this.#l !== e && this.#v(e),
        this.#r.remove(e),
        this.playing === null && this.#t.idle();
    }
    end() {
      this.#m(0), this.#s?.end();
    }
    #m(e) {
      for (let [t, { playback: s }] of this.#r.cut(e).entries()) {
        s.supersede(), e + t === 0 && this.#l !== s && this.#v(s);
      }
    }
    #v(e) {
      this.#l = e, this.#e.listener.end(e.soFar, e.skipped);
    }
    #w(e, t) {
      let { link: s, output: r, listener: i } = this.#e,
        o = zu({
          link: s,
          output: r,
          song: e,
          cast: t,
          reconnectMs: 1 / 0,
          outlivesPlayer: this.#n,
        });
      return this.#e.gainOf?.(e).then((l) => o.gain = l),
        o.volume = this.#i,
        o.muted = this.#o,
        o.problem = this.#a,
        o.listen({
          started: (l, u) => this.#r.announce(o, () => i.start(o, l, u)),
          problem: (l) => l ? i.problem(l) : i.recovered?.(),
        }),
        o;
    }
    async #k(e, t, s, r) {
      let { output: i, listener: o } = this.#e, l = () => this.#r.isFollowed;
      try {
        if (await e.run(r, { begins: s, isFollowed: l }), !this.#r.find(e)) {
          return;
        }
        let u = this.playing !== e;
        u || this.#v(e),
          !u && !l() && !this.#b(e) && this.#r.find(e) && await this.#_(e);
      } catch (u) {
        if (!this.#r.find(e)) return;
        let c = M(u);
        if (!this.#x(c)) throw c;
        (!sc(c) || !l()) && !this.#b(e) && await i.abort(), o.problem(c);
      } finally {
        t();
      }
      this.#r.remove(e), this.playing === null && this.#t.idle();
    }
    #b(e) {
      return (this.#r.find(e)?.begin ?? null) !== null;
    }
    async #_(e) {
      try {
        await this.#e.output.end();
      } catch (t) {
        throw e.problem = M(t).message, t;
      }
    }
    #x(e) {
      return sc(e) || this.#n && Td(e);
    }
  };
function sc(n) {
  return ee(n) ||
    ["changed", "not-found", "not-wav", "unsupported"].includes(n.code);
}
function Td({ code: n }) {
  return ["player-failed", "no-player", "output-failed"].includes(n);
}
var nr = class {
  #e;
  #t;
  #n;
  #s;
  #r = new ae();
  #i = new AbortController();
  #o = null;
  #a = !0;
  #l = null;
  #u = null;
  constructor(e) {
    this.#e = e.link,
      this.#t = e.listener,
      this.#s = new ys(e.link, (t) => e.listener.problem(M(t))),
      this.#n = new tr(e, {
        idle: () => this.#r.notify(),
        failed: (t) => {
          this.#o = t, this.#r.notify();
        },
      });
  }
  get playing() {
    return this.#n.playing;
  }
  get receiving() {
    return this.#a;
  }
  set receiving(e) {
    this.#a = e,
      this.#e.current?.send({ type: "receive", on: e }),
      this.playing && (this.#n.volume = this.volume);
  }
  get volume() {
    return this.#n.volume;
  }
  set volume(e) {
    this.#n.volume = e;
    let { current: t } = this.#e;
    !this.playing && t && this.#m(t);
  }
  get problem() {
    return this.#n.problem;
  }
  set problem(e) {
    this.#n.problem = e;
  }
  play(e, t) {
    return this.#n.play(e, { fromSeconds: t });
  }
  queued(e) {
    return this.#n.queued(e);
  }
  get group() {
    return this.#s;
  }
  controlsOf(e) {
    let t = this.#n.queued(e);
    return t === null ? e : new Ie(this.#s, e, t);
  }
  stop() {
    this.#i.abort();
  }
  async run() {
    let { signal: e } = this.#e, t = AbortSignal.any([e, this.#i.signal]);
    using s = Es(t);
    let r = new AbortController();
    this.#o = null,
      this.#e.listen({
        opened: (i) => {
          this.#p(i, r.signal), this.#y(i);
        },
      }, r.signal);
    try {
      let i = this.#c(t, r.signal);
      await Promise.race([i, s.promise]);
    } catch (i) {
      if (e.aborted || !t.aborted) throw i;
      this.#e.current?.send({ type: "receive", on: !1 });
    } finally {
      this.#n.end(), this.#l = null, r.abort();
    }
  }
  async #c(e, t) {
    for (await this.#h(e, t, await this.#f()); !e.aborted;) {
      if (await this.#r.notified(), this.#o !== null) throw this.#o;
      this.playing || await this.#h(e, t, this.#e.current);
    }
  }
  async #h(e, t, s) {
    let r = s?.isWelcome ? s : await this.#e.reconnect(1 / 0, e);
    this.playing || e.aborted ||
      (this.#p(r, t), this.#y(r), this.#t.waiting(await r.welcome));
  }
  async #f() {
    try {
      let e = await this.#e.session();
      return await e.welcome, e;
    } catch (e) {
      let t = M(e);
      if (!ee(t)) throw t;
      return this.#e.miss(t), null;
    }
  }
  #p(e, t) {
    this.#l !== e && (this.#l = e,
      e.listen({
        cast: (s) => this.#n.play(s.start.song, { cast: s }),
        stopped: ({ stream: s }) => this.#n.stopped(e, s),
        line: (s) => this.#n.line(e, s),
        control: ({ action: s, value: r }) => this.#d(s, r),
        closed: (s) => {
          e.isWelcome && !ee(s) && (this.#o = s), this.#r.notify();
        },
      }, t));
  }
  #d(e, t) {
    if (e === "mute") this.#n.muted = t === !0;
    else {
      if (typeof t == "boolean") return;
      e === "delay" ? this.#n.delayMs = t ?? 0 : Bl(e) && this.#g(e, t ?? 0);
    }
  }
  #g(e, t) {
    if (e === "volume") return void (this.#n.volume = t);
    let { playing: s } = this;
    if (s === null || s.skipped) return;
    ({
      pause: () => this.#n.hold(!0),
      resume: () => this.#n.hold(!1),
      stop: () => s.skip("stopped"),
      seek: () => s.seek(t),
    })[e]();
  }
  #y(e) {
    this.#u !== e &&
      (this.#u = e,
        e.send({ type: "receive", on: this.#a }),
        !this.playing && this.volume !== Hi && this.#m(e));
  }
  #m(e) {
    let { problem: t, volume: s } = this;
    e.send({
      type: "state",
      stream: tu,
      position: 0,
      playing: !1,
      volume: s,
      underruns: 0,
      ...t !== null && { problem: t },
    });
  }
};
function rc(n, e) {
  return new Gi(n, e);
}
var Gi = class {
  ratio = 1;
  #e;
  #t;
  #n;
  #s;
  #r;
  #i = new Float32Array(0);
  constructor(e, t) {
    let { channels: s, fromHz: r, toHz: i } = t,
      o = new WebAssembly.Instance(e).exports,
      l = s >= 1 && s <= 32 ? o.open(s, r, i) : -1;
    if (l < 0) {
      throw new RangeError(
        `Cannot resample ${s} channels from ${r} to ${i} Hz`,
      );
    }
    this.#e = o, this.#t = s, this.#n = r / i, this.#s = l, this.#r = l;
  }
  get delayFrames() {
    return this.#r - this.#n * this.ratio;
  }
  process(e) {
    let t = 0, s = 1024 * this.#t;
    for (let r = 0; r < e.length; r += s) {
      let i = this.#o(e.subarray(r, r + s));
      if (t + i.length > this.#i.length) {
        let o = new Float32Array(2 * (t + i.length));
        o.set(this.#i.subarray(0, t)), this.#i = o;
      }
      this.#i.set(i, t), t += i.length;
    }
    return this.#i.subarray(0, t);
  }
  #o(e) {
    let t = this.#e, s = e.length / this.#t;
    new Float32Array(t.memory.buffer, t.input(), e.length).set(e);
    let r = t.resample(s, 1 / this.ratio);
    if (r < 0) {
      throw new RangeError(
        `Cannot resample by ${this.ratio}: expected 0.99 to 1.01`,
      );
    }
    return this.#r += s - r * this.#n * this.ratio,
      new Float32Array(t.memory.buffer, t.output(), r * this.#t);
  }
  reset() {
    this.#e.reset(), this.#r = this.#s;
  }
};
var qi;
async function ic(n) {
  qi ??= WebAssembly.compileStreaming(fetch("/resampler.wasm"));
  try {
    return rc(await qi, n);
  } catch (e) {
    throw e instanceof RangeError || (qi = void 0), e;
  }
}
var sr = class {
  #e;
  #t;
  #n = [];
  #s = null;
  #r = null;
  #i = 0;
  constructor(e, t = 10) {
    this.#e = e / 1e3, this.#t = t;
  }
  at(e) {
    return this.#s === null ? null : e * this.#e + Yt(this.#s, e);
  }
  get drift() {
    let e = this.#o ? this.#s.slope : this.#r;
    return e === null ? null : e / this.#e;
  }
  add(e, t) {
    this.#n.push({ atMs: t, excess: e - t * this.#e });
    let s = this.#n.findIndex((c) => c.atMs >= t - 15e3);
    if (s > 0 && this.#n.splice(0, s), this.#n.length < 5) return;
    this.#s = this.#l();
    let r = this.#n.slice(-this.#t),
      i = Wi(r.map((c) => c.excess)),
      o = r.filter((c) => Math.abs(c.excess - i) <= this.#a);
    if (o.length <= this.#t / 2) return;
    let l = o.reduce((c, h) => c + h.excess - Yt(this.#s, h.atMs), 0) /
        o.length,
      u = Math.max(.4 * this.#e, .8 * this.#i);
    Math.abs(l) <= u ||
      (this.#o && (this.#r = this.#s.slope), this.#n = o, this.#s = this.#l());
  }
  get #o() {
    let { length: e } = this.#n;
    return e > 0 && this.#n[e - 1].atMs - this.#n[0].atMs >= 2e3;
  }
  get #a() {
    return Math.max(.5 * this.#e, 4 * this.#i);
  }
  #l() {
    let { atMs: e } = this.#n[this.#n.length - 1],
      t = this.#s?.slope ?? 0,
      s = { atMs: e, excess: 0, slope: t },
      r = Wi(this.#n.map((o) => o.excess - Yt(s, o.atMs))),
      i = this.#c(this.#u({ ...s, excess: r }));
    return this.#c(this.#u(i));
  }
  #u(e) {
    let t = (r) => Math.abs(r.excess - Yt(e, r.atMs));
    this.#i = Wi(this.#n.map(t));
    let s = this.#a;
    return this.#n.filter((r) => t(r) <= s);
  }
  #c(e) {
    let t = (p) => e.reduce((y, k) => y + p(k), 0) / e.length,
      s = t((p) => p.atMs),
      r = t((p) => p.excess),
      i = { atMs: s, excess: r, slope: this.#r ?? 0 },
      l = (Math.max(this.#i, .05 * this.#e) / (3e-4 * this.#e)) ** 2,
      u = t((p) => (p.atMs - s) ** 2) + l / e.length,
      c = t((p) => (p.atMs - s) * (p.excess - Yt(i, p.atMs))),
      h = .002 * this.#e,
      m = i.slope + c / u;
    return { atMs: s, excess: r, slope: Math.min(Math.max(m, -h), h) };
  }
};
function Yt(n, e) {
  return n.excess + n.slope * (e - n.atMs);
}
function Wi(n) {
  return Float64Array.from(n).sort()[n.length >> 1];
}
var Fd = 25,
  zi = 150,
  Cd = .001,
  Dd = .002,
  rr = class {
    #e = [];
    #t = null;
    likely(e, t) {
      let s = t - e;
      this.#e.push(s),
        this.#e.length > zi && this.#e.shift(),
        Rd(this.#e) && (this.#t = Jt(this.#e));
      let r = this.#t ?? s;
      return Math.abs(s - r) <= Dd ? e : t - r;
    }
  };
function Rd(n) {
  if (n.length < zi) return !1;
  let e = zi / 2,
    t = Jt(n.slice(e)) - Jt(n.slice(0, e)),
    s = Jt(n),
    r = Jt(n.map((i) => Math.abs(i - s)));
  return Math.max(r, Math.abs(t)) <= Cd;
}
function Jt(n) {
  return Float64Array.from(n).sort()[n.length >> 1];
}
var Ft = class {
  #e;
  #t;
  #n = new rr();
  #s = 0;
  constructor(e) {
    this.#e = e, this.#t = this.#r();
  }
  heard(e) {
    let { state: t, sampleRate: s, currentTime: r } = this.#e;
    if (t !== "running") return this.#t = this.#r(), this.#n = new rr(), null;
    let { contextTime: i = 0, performanceTime: o = 0 } = this.#e
      .getOutputTimestamp();
    if (i > 0 && o > this.#s) {
      this.#s = o;
      let c = this.#n.likely(i, r);
      this.#t.add(c * s, o);
    }
    let l = this.#s, u = this.#t.at(l);
    return u === null ? null : { frames: u - e, atMs: l, drift: this.#t.drift };
  }
  #r() {
    return new sr(this.#e.sampleRate, Fd);
  }
};
var Id = .1,
  Nd = .02,
  ir = class {
    format;
    label = "this browser";
    realTime = !0;
    leadSeconds = .45;
    grade = "exact";
    failed;
    #e;
    #t;
    #n;
    #s = new Set();
    #r = 0;
    #i = 0;
    #o;
    #a = new Uint8Array(0);
    #l = () => {};
    constructor(e, t, s) {
      this.#e = e,
        this.#o = new Ft(e),
        this.#n = s,
        this.#t = new GainNode(e),
        this.#t.connect(e.destination),
        this.format = t,
        this.failed = new Promise(() => {});
    }
    write(e) {
      let t = new Uint8Array(this.#a.length + e.length);
      return t.set(this.#a),
        t.set(e, this.#a.length),
        this.#a = t.subarray(this.#u(t, !0)),
        Promise.resolve();
    }
    heard() {
      return this.#r === 0 ? null : this.#o.heard(this.#r - this.#i);
    }
    drop() {
      for (let e of this.#s) e.stop();
      this.#r = 0,
        this.#i += this.#a.length / j(this.format),
        this.#a = new Uint8Array(0);
    }
    setGain(e) {
      this.#t.gain.value = e;
    }
    async end() {
      this.#u(this.#a, !1),
        this.#s.size > 0 && await new Promise((e) => this.#l = e),
        this.#t.disconnect();
    }
    abort() {
      return this.drop(), this.#t.disconnect(), Promise.resolve();
    }
    #u(e, t) {
      let { rate: s } = this.format, r = j(this.format);
      for (;;) {
        this.#c() && (this.#r = this.#h());
        let i = e.length / r;
        for (; t && i > 0 && !oc(this.#r + i, s);) i--;
        if (i === 0) return 0;
        let o = this.#f(e.subarray(0, i * r));
        if (o.start(this.#r / s), !this.#c()) {
          return o.connect(this.#t),
            this.#s.add(o),
            this.#r += i,
            this.#i += i,
            i * r;
        }
      }
    }
    #c() {
      let { currentTime: e } = this.#e;
      return this.#r < (e + Nd) * this.format.rate;
    }
    #h() {
      let { rate: e } = this.format,
        t = Math.ceil((this.#e.currentTime + Id) * e);
      for (; !oc(t, e);) t++;
      return t;
    }
    #f(e) {
      let t = this.#n.planes(e),
        { rate: s } = this.format,
        { length: r } = t[0],
        i = this.#e.createBuffer(t.length, r, s);
      t.forEach((l, u) => i.copyToChannel(l, u));
      let o = new AudioBufferSourceNode(this.#e, { buffer: i });
      return o.onended = () => {
        o.disconnect(), this.#s.delete(o), this.#s.size === 0 && this.#l();
      },
        o;
    }
  };
function oc(n, e) {
  return n / e * e === n;
}
function ac(n) {
  return n.audioWorklet !== void 0;
}
var or = class n {
  format;
  label = "this browser";
  realTime = !0;
  leadSeconds = .45;
  grade = "exact";
  failed;
  #e;
  #t;
  #n;
  #s;
  #r = null;
  #i = Promise.withResolvers();
  constructor(e, t, s) {
    this.format = t,
      this.#n = s,
      this.failed = new Promise(() => {}),
      this.#e = new AudioWorkletNode(e, "pcm", {
        numberOfInputs: 0,
        outputChannelCount: [s.channels],
      }),
      this.#e.port.onmessage = ({ data: r }) => {
        r === "ended" ? this.#i.resolve() : this.#r = r.aheadFrames;
      },
      this.#s = new Ft(e),
      this.#t = new GainNode(e),
      this.#e.connect(this.#t).connect(e.destination);
  }
  static async open(e, t, s) {
    return await e.audioWorklet.addModule("/pcm_worklet.js"), new n(e, t, s);
  }
  heard() {
    return this.#r === null ? null : this.#s.heard(this.#r);
  }
  write(e) {
    let t = this.#n.planes(e);
    return this.#o(t, t.map(({ buffer: s }) => s)), Promise.resolve();
  }
  drop() {
    this.#o("drop");
  }
  setGain(e) {
    this.#t.gain.value = e;
  }
  async end() {
    this.#o("end"), await this.#i.promise, this.#t.disconnect();
  }
  abort() {
    return this.#t.disconnect(),
      this.#o("end"),
      this.#i.resolve(),
      Promise.resolve();
  }
  #o(e, t = []) {
    this.#e.port.postMessage(e, t);
  }
};
var ar = class {
  #e;
  #t = null;
  #n = 0;
  #s = !1;
  onSilenced = () => {};
  constructor(e) {
    this.#e = e;
  }
  now() {
    return this.#n + (this.#t?.currentTime ?? 0) * 1e3;
  }
  sleep(e, t) {
    return this.#e.sleep(e, t);
  }
  allow() {
    this.#s || this.#t?.resume().catch(() => {});
  }
  hold(e) {
    if (e === this.#s) return;
    this.#s = e, (e ? this.#t?.suspend() : this.#t?.resume())?.catch(() => {});
  }
  open = async (e, t) => {
    await t;
    let s = this.#r(e.rate),
      { destination: r } = s,
      i = Js(e, r.maxChannelCount);
    return i.channels > r.channelCount && (r.channelCount = i.channels),
      ac(s) ? await or.open(s, e, i) : new ir(s, e, i);
  };
  #r(e) {
    if (this.#t?.sampleRate === e) return this.#t;
    let t;
    try {
      t = new AudioContext({ sampleRate: e });
    } catch (r) {
      throw new g(
        "unsupported",
        `Cannot play ${e} sample frames a second: this browser does not`,
        { cause: r },
      );
    }
    this.#n = this.now(), this.#t?.close().catch(() => {}), this.#t = t;
    let s = () => {
      this.#t === t && this.onSilenced(t.state === "suspended" && !this.#s);
    };
    return t.onstatechange = s,
      t.resume().catch(() => {}),
      this.#e.sleep(300).then(s),
      t;
  }
};
function Xi() {
  let n = crypto.getRandomValues(new Uint8Array(16));
  n[6] = n[6] & 15 | 64, n[8] = n[8] & 63 | 128;
  let e = Array.from(n, (t) => t.toString(16).padStart(2, "0"));
  return [[0, 4], [4, 6], [6, 8], [8, 10], [10, 16]].map(([t, s]) =>
    e.slice(t, s).join("")
  ).join("-");
}
var Pd = 32, Ld = 500, Ud = 150, lc = "ondacast.device", uc = "ondacast.device";
async function cc() {
  let n = navigator.locks ? Bd : jd(),
    e = Hd(),
    t = Array.from({ length: Pd }, (s, r) => r + 1);
  for (let s of e === null ? t : [e, ...t]) {
    if (await n(s, s === e)) return Gd(s), $d(s);
  }
  return Xi();
}
function $d(n) {
  let e = me(`device.${n}`);
  if (e) return e;
  let t = Xi();
  return Te(`device.${n}`, t), t;
}
var Bd = (n, e) =>
  new Promise((t) => {
    let s = e ? { signal: AbortSignal.timeout(Ld) } : { ifAvailable: !0 };
    navigator.locks.request(
      `${lc}.${n}`,
      s,
      (r) => (t(r !== null), r === null ? void 0 : new Promise(() => {})),
    ).catch(() => t(!1));
  });
function jd() {
  let n = new BroadcastChannel(lc),
    e = Math.random(),
    t = 0,
    s = !1,
    r = () => {};
  n.onmessage = ({ data: o }) => {
    o.number === t && (o.says === "mine" ? r() : (s || e < o.tab) && i("mine"));
  };
  let i = (o) => {
    let l = { number: t, tab: e, says: o };
    n.postMessage(l);
  };
  return async (o) => (t = o,
    s = await new Promise((l) => {
      r = () => l(!1), setTimeout(() => l(!0), Ud), i("mine?");
    }),
    s);
}
function Hd() {
  try {
    return Number(sessionStorage.getItem(uc)) || null;
  } catch {
    return null;
  }
}
function Gd(n) {
  try {
    sessionStorage.setItem(uc, String(n));
  } catch {}
}
var lr = class {
  #e = new Worker("/timer_worker.js");
  #t = new Map();
  #n = 0;
  constructor() {
    this.#e.onmessage = ({ data: e }) => this.#t.get(e)?.();
  }
  now() {
    return performance.now();
  }
  wallMs() {
    return Date.now();
  }
  sleep(e, t) {
    if (t?.aborted) return Promise.resolve();
    let s = ++this.#n;
    return new Promise((r) => {
      let i = () => {
        this.#t.delete(s), t?.removeEventListener("abort", i), r();
      };
      this.#t.set(s, i), t?.addEventListener("abort", i);
      let o = { id: s, ms: e };
      this.#e.postMessage(o);
    });
  }
};
var qd = 1 << 20,
  Wd = 20,
  ur = class {
    place = location.host;
    receivedBytes = 0;
    #e = null;
    #t;
    constructor(e) {
      this.#t = e;
    }
    drop() {
      this.#e?.close(1e3);
    }
    async connect() {
      let [e] = await Promise.all([this.#n(), this.#t]);
      return e;
    }
    #n() {
      let e = new URL("/session", location.href);
      e.protocol = e.protocol === "https:" ? "wss:" : "ws:";
      let t = new WebSocket(e);
      return t.binaryType = "arraybuffer",
        this.#e = t,
        new Promise((s, r) => {
          t.onopen = () =>
            s(
              new Ki(t, (i) => {
                this.receivedBytes += i;
              }),
            ),
            t.onerror = () =>
              r(new g("unreachable", `Cannot reach the server ${this.place}`));
        });
    }
  },
  Ki = class {
    peer = location.host;
    progressAtMs = 0;
    writing = !1;
    #e;
    #t = [];
    #n = !1;
    #s = () => {};
    constructor(e, t) {
      this.#e = e,
        e.onmessage = ({ data: s }) => {
          t(s.byteLength),
            s.byteLength > 0 && this.#t.push(new Uint8Array(s)),
            this.#s();
        },
        e.onclose = () => {
          this.#n = !0, this.#s();
        };
    }
    async read(e) {
      for (; this.#t.length === 0;) {
        if (this.#n) return null;
        await new Promise((r) => this.#s = r);
      }
      let [t] = this.#t, s = t.subarray(0, e.length);
      return e.set(s),
        s.length === t.length
          ? this.#t.shift()
          : this.#t[0] = t.subarray(s.length),
        s.length;
    }
    async write(e) {
      for (
        this.#e.readyState === WebSocket.OPEN ? this.#e.send(e) : this.#n = !0;
        this.#e.bufferedAmount > qd && !this.#n;
      ) await new Promise((t) => setTimeout(t, Wd));
      if (this.#n) throw new g("lost", `Lost the connection to ${this.peer}`);
    }
    closeWrite() {
      return this.#e.close(1e3), Promise.resolve();
    }
    close() {
      this.#e.close(1e3), this.#n = !0, this.#s();
    }
  };
var zd = [
    [/\bEdgA?\//, "Edge"],
    [/\bOPR\//, "Opera"],
    [/\b(Firefox|FxiOS)\//, "Firefox"],
    [/\b(HeadlessChrome|Chrome|Chromium|CriOS)\//, "Chrome"],
    [/\bSafari\//, "Safari"],
  ],
  Vd = [
    [/\biPhone\b/, "iPhone"],
    [/\biPad\b/, "iPad"],
    [/\bAndroid\b/, "Android"],
    [/\bWindows\b/, "Windows"],
    [/\bMac OS X\b/, "Mac"],
    [/\bCrOS\b/, "ChromeOS"],
    [/\bLinux\b/, "Linux"],
  ];
function hc(n) {
  let e = (r) => r.find(([i]) => i.test(n))?.[1],
    t = e(zd) ?? "Browser",
    s = e(Vd);
  return s ? `${t} on ${s}` : t;
}
var Xd = 1 << 20,
  Kd = "waiting for a tap on the page, because the browser mutes it",
  cr = class {
    connection = x({ state: "connecting" });
    welcome = x(null);
    name = x(me("name") ?? hc(navigator.userAgent));
    receiving = x(me("receive") !== "no");
    silenced = x(!1);
    clock = new lr();
    connector;
    link;
    receiver;
    #e = new ar(this.clock);
    #t;
    #n = () => {};
    constructor(e) {
      this.#e.onSilenced = (t) => {
        this.silenced.value = t, this.receiver.problem = t ? Kd : null;
      },
        this.#t = {
          name: this.name.value,
          device: "",
          token: me("token") ?? void 0,
          receive: this.receiving.value,
        },
        this.connector = new ur(cc().then((t) => void (this.#t.device = t))),
        this.link = new ms({
          connector: this.connector,
          clock: this.clock,
          identity: this.#t,
          windowBytes: Xd,
          signal: new AbortController().signal,
        }),
        this.link.listen({
          away: () => this.connection.value = { state: "away" },
          opened: (t) => this.#s(t),
        }),
        this.receiver = new nr({
          link: this.link,
          output: new _s(this.#e.open, this.#e),
          step: { openResampler: ic, wallMs: () => this.clock.wallMs() },
          listener: { ...e, waiting: () => {} },
        }),
        this.receiver.receiving = this.receiving.value;
    }
    onWelcome = () => {};
    async run() {
      for (;;) {
        try {
          await this.receiver.run();
        } catch (e) {
          let t = M(e);
          if (t.code === "unauthorized") await this.#r(t);
          else return this.#i(t);
        }
      }
    }
    get session() {
      return this.connection.value.state === "online"
        ? this.link.current
        : null;
    }
    whenOnline() {
      return new Promise((e) => {
        let t = this.connection.subscribe(({ state: s }) => {
          let { current: r } = this.link;
          s !== "online" || r === null || (queueMicrotask(() => t()), e(r));
        });
      });
    }
    unlock(e, t) {
      this.#t.token = e,
        Te("token", e, t),
        this.connection.value = { state: "connecting" },
        this.#n();
    }
    get token() {
      return this.#t.token;
    }
    get credentials() {
      let { token: e, device: t } = this.#t;
      return e === void 0
        ? {}
        : { authorization: `Bearer ${Yd(e)}`, "ondacast-device": t };
    }
    rename(e) {
      e !== this.name.value &&
        (this.name.value = this.#t.name = e,
          Te("name", e),
          this.connector.drop());
    }
    receive(e) {
      this.receiving.value = e,
        this.#t.receive = e,
        Te("receive", e ? "yes" : "no"),
        this.receiver.receiving = e;
    }
    hold(e) {
      this.#e.hold(e);
    }
    touched() {
      this.#e.allow();
    }
    #s(e) {
      e.welcome.then((t) => {
        this.welcome.value = t,
          this.connection.value = { state: "online" },
          this.onWelcome(e);
      }, () => {});
    }
    async #r({ message: e }) {
      let t = this.#t.token !== void 0;
      this.connection.value = { state: "locked", message: t ? e : null },
        await new Promise((s) => this.#n = s);
    }
    #i({ message: e }) {
      this.connection.value = { state: "ended", message: e };
    }
  };
function Yd(n) {
  return String.fromCharCode(...new TextEncoder().encode(n));
}
function fc(
  { title: n, artist: e, album: t, cover: s },
  { paused: r, positionSeconds: i, lengthSeconds: o },
  l,
) {
  return {
    title: A(n),
    artist: A(e ?? `Ondacast on ${l}`),
    album: A(t ?? ""),
    cover: s,
    playing: !r,
    positionSeconds: i,
    lengthSeconds: o,
  };
}
function pc({ playing: n, song: e, seconds: t, atMs: s }, r, i) {
  if (i - s > 3e3) return !0;
  if (r === n) return !1;
  let o = r?.state ?? null;
  return o === null
    ? r === null
    : o.song !== e || Math.abs(o.positionSeconds - t) < 2;
}
var Jd = 200,
  Yi = "play here",
  hr = class {
    tab;
    errands;
    choices = new vs();
    now = x(null);
    song = R(() => this.now.value?.song ?? null);
    paused = R(() => this.now.value?.state?.paused ?? !1);
    volume = x(100);
    dataRate = new bs();
    #e = [];
    #t = 0;
    #n = null;
    #s = null;
    #r = null;
    describe = (e) => ({
      title: ne(e),
      artist: null,
      album: null,
      cover: null,
    });
    #i;
    constructor() {
      this.tab = new cr({
        start: () => this.#y(),
        end: (e, t) => this.#d(t),
        problem: (e) => {
          this.#p(e), this.#y();
        },
      }),
        this.errands = new ws(this.tab),
        this.volume.value = Number(me("volume") ?? 100),
        this.tab.receiver.volume = this.volume.value,
        this.#i = new gs({
          play: () => this.resume(),
          pause: () => this.pause(),
          next: () => this.next(),
          previous: () => this.previous(),
          seek: (e) => this.seek(e),
          skip: (e) => this.skip(e),
        }),
        setInterval(() => this.#y(), Jd);
    }
    play(e, t) {
      this.#e = [...e], this.#t = this.#e.indexOf(t), this.#h();
    }
    pause() {
      this.#l && this.tab.receiver.playing?.pause(),
        this.#o?.pause(),
        this.#y();
    }
    resume() {
      this.tab.touched(),
        this.#l && this.tab.receiver.playing?.resume(),
        this.#o?.resume(),
        this.#y();
    }
    toggle() {
      this.tab.receiver.playing?.state?.paused ? this.resume() : this.pause();
    }
    next() {
      let e = this.#o;
      e instanceof Ie
        ? e.skip()
        : this.#c && this.#t + 1 < this.#e.length
        ? (this.#t++, this.#h())
        : this.stop();
    }
    previous() {
      let e = this.#o;
      e instanceof Ie
        ? e.previous()
        : this.#c && this.#t > 0
        ? (this.#t--, this.#h())
        : this.seek(0);
    }
    stop() {
      this.errands.forget(Yi);
      let { group: e, playing: t } = this.tab.receiver;
      (!(this.#o instanceof Ie) || !e.control("stop")) && t?.skip(), this.#y();
    }
    seek(e) {
      let { playing: t } = this.tab.receiver,
        { song: s = "", lengthSeconds: r = null } = t?.state ?? {};
      if (
        t !== null && t === this.#r ? this.#g(e) : this.#o?.seek(e),
          t !== null && r !== null
      ) {
        let i = Math.min(Math.max(0, e), r), o = performance.now();
        this.#s = { playing: t, song: s, seconds: i, atMs: o };
      }
      this.#y();
    }
    skip(e) {
      let { state: t } = this.now.value ?? {};
      t && this.seek(Math.max(0, t.positionSeconds + e));
    }
    setVolume(e) {
      this.tab.receiver.volume = e, Te("volume", String(e)), this.#y();
    }
    get #o() {
      let { playing: e } = this.tab.receiver,
        t = e === this.#r && this.#s === null;
      return e === null || t ? e : this.tab.receiver.controlsOf(e);
    }
    get #a() {
      return this.tab.receiver.playing?.state?.step !== void 0;
    }
    get #l() {
      return !this.#a && !(this.#r && this.#r === this.#s?.playing);
    }
    get #u() {
      let e = this.#o;
      return e instanceof Ie ? e.by === this.tab.welcome.value?.key : this.#c;
    }
    get #c() {
      let { playing: e } = this.tab.receiver;
      return e !== null && e === this.#n;
    }
    #h(e = 0) {
      this.tab.touched(), this.errands.do(this.#f(e));
    }
    #f(e) {
      let t = this.#e[this.#t], { receiver: s } = this.tab;
      return {
        key: Yi,
        words: ["play ", { name: ne(t) }, " here"],
        run: async (r) => {
          if (s.receiving) {
            let { key: i } = r.greeting;
            await this.choices.queue(r, i, {
              title: ne(t),
              songs: this.#e,
              at: this.#t,
              fromSeconds: e,
            });
          } else this.#n = s.play(t, e);
          this.#y();
        },
      };
    }
    #p(e) {
      let t = this.now.value?.state?.positionSeconds ?? 0;
      this.#c && ee(e) ? this.errands.keep(this.#f(t)) : Z(e);
    }
    #d(e) {
      this.#r = this.tab.receiver.playing,
        !(e || this.errands.has(Yi)) && this.#c &&
        this.#t + 1 < this.#e.length && this.next();
    }
    #g(e) {
      let t = this.#r, { song: s, lengthSeconds: r, paused: i } = t.state;
      if (e >= (r ?? 0)) return;
      let { receiver: o } = this.tab, l = o.controlsOf(t);
      if (l instanceof Ie) return l.again(e, i);
      let u = this.#c, c = o.play(s, e);
      i && c.pause(), u && (this.#n = c);
    }
    #y() {
      let { playing: e, volume: t } = this.tab.receiver;
      this.volume.value = t;
      let s = this.#m(e), r = s !== null && s.paused && !e.skipped && !this.#a;
      if (this.tab.hold(r), e === null) this.now.value = null;
      else {
        let c = s?.song ?? (this.#c ? this.#e[this.#t] : "");
        this.now.value = { song: c, own: this.#u, state: s };
      }
      let i = s && this.describe(s.song), o = i && A(i.title);
      document.title = o ? `${o} \xB7 Ondacast` : "Ondacast";
      let { receivedBytes: l } = this.tab.connector;
      this.dataRate.measure(l, performance.now());
      let u = this.tab.welcome.value?.server ?? "";
      this.#i.show(s && i && fc(i, s, u));
    }
    #m(e) {
      let t = e?.state ?? null,
        s = this.#s,
        r = s === null || pc(s, e, performance.now());
      return r && (this.#s = null),
        t && s && !r ? { ...t, positionSeconds: s.seconds } : t;
    }
  };
var Zd = 1e3,
  fr = class {
    #e;
    elsewhere = R(() => {
      let { destination: e } = this.#e;
      return e.isHere.value ? null : e.group.value;
    });
    group = R(() => {
      let { destination: e, groups: t } = this.#e, { value: s } = e.id;
      return s === void 0 ? null : t.get(s) ?? null;
    });
    song = R(() => {
      let { value: e } = this.elsewhere;
      return e
        ? e.state === "stopped" ? null : e.song
        : this.#e.player.song.value;
    });
    isPaused = R(() => {
      let { value: e } = this.elsewhere;
      return e ? e.state !== "playing" : this.#e.player.paused.value;
    });
    seconds = R(() => {
      let { value: e } = this.elsewhere;
      return e
        ? e.seconds
        : this.#e.player.now.value?.state?.lengthSeconds ?? null;
    });
    constructor(e) {
      this.#e = e;
    }
    get shown() {
      let { value: e } = this.song;
      if (e === null) return null;
      let t = this.#e.named(e),
        { title: s, artist: r } = K(e, t),
        i = t ? null : this.elsewhere.value;
      return {
        song: e,
        title: i?.title ?? s,
        artist: i?.artist ?? r,
        isPaused: this.isPaused.value,
        seconds: this.seconds.value,
      };
    }
    get position() {
      let { value: e } = this.elsewhere;
      return e
        ? this.#e.groups.positionOf(e)
        : this.#e.player.now.value?.state?.positionSeconds ?? 0;
    }
    get volume() {
      let { value: e } = this.elsewhere;
      return e ? this.#e.groups.volumeOf(e) : this.#e.player.volume.value;
    }
    get isMuted() {
      let e = this.group.value;
      return e !== null && e.devices.every(({ muted: t }) => t);
    }
    async choose(e) {
      let { actions: t, player: s } = this.#e, { value: r } = this.elsewhere;
      if (r) return await t.play(r, e);
      s.tab.touched();
      let { place: i = "now", songs: o, at: l = 0, shuffle: u = !1 } = e,
        c = i === "now" && !u && !dc(o),
        { value: h } = this.group;
      if (h && !c) return await t.play(h, e);
      let m = await this.#t(o);
      m.length > 0 && s.play(m, m[l]);
    }
    toggle() {
      let { value: e } = this.elsewhere;
      if (!e) return this.#e.player.toggle();
      let t = e.state === "playing" ? "pause" : "resume";
      this.#e.actions.control(e, { action: t });
    }
    next() {
      let { value: e } = this.elsewhere;
      if (!e) return this.#e.player.next();
      this.#e.actions.control(e, { action: "next", ...Qd(e) });
    }
    previous() {
      let { value: e } = this.elsewhere;
      e
        ? this.#e.actions.control(e, { action: "previous" })
        : this.#e.player.previous();
    }
    stop() {
      let { value: e } = this.elsewhere;
      e
        ? this.#e.actions.control(e, { action: "stop" })
        : this.#e.player.stop();
    }
    seek(e) {
      let { value: t } = this.elsewhere;
      t
        ? this.#e.actions.control(t, { action: "seek", value: e })
        : this.#e.player.seek(e);
    }
    skip(e) {
      this.elsewhere.value
        ? this.seek(Math.max(0, this.position + e))
        : this.#e.player.skip(e);
    }
    setVolume(e) {
      let { value: t } = this.elsewhere;
      t ? this.#e.actions.setVolume(t, e) : this.#e.player.setVolume(e);
    }
    mute(e) {
      for (let t of this.group.value?.devices ?? []) this.#e.actions.mute(t, e);
    }
    shuffle(e) {
      let t = this.group.value;
      t && this.#e.actions.control(t, { action: "shuffle", value: e });
    }
    repeat() {
      let e = this.group.value;
      if (!e) return;
      let t = { off: "all", all: "one", one: "off" }[e.repeat];
      this.#e.actions.control(e, { action: "repeat", value: t });
    }
    async moveTo(e) {
      let { actions: t, destination: s } = this.#e, r = this.group.value;
      r !== null && r.songs > 0 && r.state !== "stopped" &&
      r.group !== e.group && e.state !== "playing" &&
      await t.move(r, e.devices), s.choose({ group: e.group });
    }
    join(e) {
      let t = this.group.value?.devices ?? [];
      return this.#e.actions.group([...t, ...e]);
    }
    async #t(e) {
      if (!dc(e)) return e;
      let [t] = e;
      try {
        let s = await this.#e.player.tab.whenOnline(),
          { songs: r } = await s.request({
            type: "list",
            selection: t,
            limit: Zd,
          });
        return r.filter(({ format: i }) => i !== null).map(({ name: i }) => i);
      } catch (s) {
        return Z(s), [];
      }
    }
  };
function dc(n) {
  let [e] = n;
  return n.length === 1 && /^(album|artist|playlist):|\/$|^\*$/.test(e);
}
function K(n, e = {}) {
  let { title: t, artist: s = null, album: r = null } = e;
  return {
    title: (s !== null || r !== null) && t || ne(n),
    artist: s,
    album: r,
  };
}
function Qd({ entry: n }) {
  return n === null ? {} : { entry: n };
}
var pr = 200,
  je = class {
    #e;
    #t;
    #n = x(null);
    #s = null;
    #r = 0;
    #i = !1;
    constructor(e, t) {
      this.#e = e, this.#t = t;
    }
    get listed() {
      return this.#n;
    }
    show(e) {
      return JSON.stringify(e) !== JSON.stringify(this.#s) &&
        (this.#n.value = null),
        this.replace(e);
    }
    replace(e) {
      return this.#s = e, this.refresh();
    }
    async refresh() {
      this.#r++, this.#i = !1, await this.#o([], void 0);
    }
    forget() {
      this.#r++, this.#s = null, this.#n.value = null;
    }
    async more() {
      let { rows: e = [], next: t } = this.#n.peek() ?? {};
      t === void 0 || this.#i || await this.#o(e, t);
    }
    async #o(e, t) {
      let s = this.#e.session, r = this.#s;
      if (s === null || r === null) return;
      let i = this.#r;
      this.#i = !0;
      let o = await this.#t(s, r, t).catch(M);
      if (i === this.#r) {
        if (this.#i = !1, o instanceof Error) {
          if (s.failure === null) {
            let l = this.#n.peek() ?? { rows: [], query: r };
            this.#n.value = { ...l, problem: o.message };
          }
        } else {
          let l = [...e, ...o.rows];
          this.#n.value = { ...o, rows: l, query: r, problem: null };
        }
      }
    }
  };
var Zt = class {
    albums;
    artists;
    playlists;
    recent;
    songs;
    albumsOf;
    constructor(e) {
      this.albums = new je(e, Ji),
        this.artists = new je(e, em),
        this.playlists = new je(e, tm),
        this.recent = new je(e, Ji),
        this.songs = new je(e, nm),
        this.albumsOf = new je(e, Ji);
    }
    forget() {
      for (let e of Object.values(this)) e.forget();
    }
    refresh() {
      for (let e of Object.values(this)) e.refresh();
    }
  },
  Ji = async (n, e, t) => {
    let { albums: s, next: r, total: i } = await n.request({
      type: "albums",
      limit: pr,
      after: t,
      ...e,
    });
    return { rows: s, next: r, total: i };
  },
  em = async (n, e, t) => {
    let { artists: s, next: r, total: i } = await n.request({
      type: "artists",
      limit: pr,
      after: t,
      ...e,
    });
    return { rows: s, next: r, total: i };
  },
  tm = async (n) => {
    let { playlists: e } = await n.request({ type: "playlists" });
    return { rows: e, total: e.length };
  },
  nm = async (n, e, t) => {
    let { songs: s, more: r, next: i } = await n.request({
      type: "list",
      limit: pr,
      after: t,
      ...e,
    });
    return { rows: s, ...r && i !== void 0 && { next: i } };
  };
var dr = 8192, E1 = { min: 512, max: 1 << 20 };
var S1 = { k: 1024, m: 1 << 20 };
function mr(n, e) {
  return n + oe * Math.ceil(n / e);
}
function mc(n, e, t) {
  let s = mr(e, t);
  if (n.length !== s) {
    throw new RangeError(
      `Cannot frame ${e} bytes in ${n.length}: expected ${s}`,
    );
  }
  let r = 0;
  for (let i = n.length - e; i < n.length;) {
    let o = Math.min(t, n.length - i);
    n.copyWithin(r + oe, i, i + o), zt(n, r, $e.data, o), i += o, r += oe + o;
  }
}
var yc = 512 * 1024;
async function gc(n, e) {
  let { song: t, bytes: s, replace: r, signal: i } = e,
    o = n.upload({
      song: t,
      ...s !== void 0 && { bytes: s },
      ...r && { replace: r },
    }),
    l = !1,
    u = () => {
      l = !0, o.credit.wake();
    };
  o.stored.catch(u),
    await o.ready,
    l ||= i?.aborted ?? !1,
    i?.addEventListener("abort", u);
  try {
    await sm(n, e, o.credit, () => l);
  } finally {
    i?.removeEventListener("abort", u), await n.sendData(Al).catch(() => {});
  }
  try {
    return await o.stored;
  } catch (c) {
    throw n.failure !== null || !i?.aborted
      ? c
      : new g("interrupted", `Cancelled the upload of ${t}`);
  }
}
async function sm(n, { source: e, newHash: t, onProgress: s }, r, i) {
  let o = t(), l = new Uint8Array(mr(yc, dr)), u = 0;
  for (; !i();) {
    await r.some();
    let c = r.bytes;
    if (c === 0 || i()) continue;
    let h = await rm(e, l.subarray(l.length - Math.min(c, yc)));
    if (h.length === 0) {
      n.send({ type: "end", bytes: u, sha256: o.hex() });
      return;
    }
    o.update(h), r.spend(h.length);
    let m = h.byteOffset + h.length, p = l.subarray(m - mr(h.length, dr), m);
    mc(p, h.length, dr), await n.sendData(p), u += h.length, s?.(u);
  }
}
async function rm(n, e) {
  let t = 0;
  for (; t < e.length;) {
    let s = await n.read(e.subarray(t));
    if (s === null) break;
    t += s;
  }
  return e.subarray(0, t);
}
var im = 512 * 1024,
  yr = class {
    #e;
    #t = 0;
    #n = new Uint8Array(0);
    constructor(e) {
      this.#e = e;
    }
    async read(e) {
      if (this.#n.length === 0) {
        let s = this.#t + im;
        this.#n = await om(this.#e.slice(this.#t, s)),
          this.#t += this.#n.length;
      }
      if (this.#n.length === 0) return null;
      let t = this.#n.subarray(0, e.length);
      return e.set(t), this.#n = this.#n.subarray(t.length), t.length;
    }
  };
async function om(n) {
  try {
    return new Uint8Array(await n.arrayBuffer());
  } catch (e) {
    throw new g(
      "bad-file",
      "Cannot read it: it was changed, moved or deleted since it was chosen",
      { cause: e },
    );
  }
}
function vc() {
  let n = Gn.create();
  return { update: (e) => void n.update(e), hex: () => ll(n.digest()) };
}
var am = 5,
  lm = 2e3,
  Zi = { code: "interrupted", message: "cancelled" },
  gr = class {
    rows = x([]);
    #e;
    #t;
    #n = [];
    #s = 0;
    #r = 0;
    constructor(e, t) {
      this.#e = e, this.#t = t;
    }
    add(e) {
      let t = e.map(({ file: s, path: r }) => ({
        id: ++this.#s,
        song: r,
        file: s,
        sentBytes: x(0),
        outcome: x(null),
      }));
      this.rows.value = [...this.rows.value, ...t], this.#i(t, !1);
    }
    again(e, t) {
      e.sentBytes.value = 0, e.outcome.value = null, this.#i([e], t);
    }
    cancel(e) {
      for (let t of this.#n) t.upload === e && bc(t);
    }
    cancelAll() {
      this.#n.forEach(bc);
    }
    dismiss({ id: e }) {
      this.rows.value = this.rows.value.filter((t) => t.id !== e);
    }
    clear() {
      this.rows.value = this.rows.value.filter(({ outcome: e }) =>
        e.value === null
      );
    }
    #i(e, t) {
      let s = this.#n.length === 0;
      for (let r of e) {
        this.#n.push({ upload: r, replace: t, ended: new AbortController() });
      }
      s && this.#o();
    }
    async #o() {
      for (; this.#n.length > 0;) {
        let [e] = this.#n, t = e.ended.signal.aborted ? Zi : await this.#l(e);
        this.#n.shift();
        let { upload: s } = e;
        this.#n.some((i) => i.upload === s) || (s.outcome.value = t),
          t === "stored" && this.#a();
      }
    }
    #a() {
      let e = performance.now();
      e - this.#r < lm && this.#n.length > 0 || (this.#r = e, this.#t());
    }
    async #l({ upload: e, replace: t, ended: s }) {
      try {
        return Da(e.song),
          await this.#u(e, t, s.signal),
          e.sentBytes.value = e.file.size,
          "stored";
      } catch (r) {
        let { code: i, message: o } = M(r);
        return s.signal.aborted ? Zi : { code: i, message: o };
      }
    }
    async #u({ song: e, file: t, sentBytes: s }, r, i) {
      let o = null;
      for (let l = 1;; l++) {
        s.value = 0;
        let u = await cm(this.#e.whenOnline(), i), c = o;
        try {
          await gc(u, {
            source: new yr(t),
            newHash: () => {
              let h = vc();
              return { ...h, hex: () => o = h.hex() };
            },
            song: e,
            bytes: t.size,
            replace: r,
            onProgress: (h) => s.value = h,
            signal: i,
          }).catch(async (h) => {
            if (
              !(M(h).code === "exists") || c === null ||
              !await um(u, e, t.size, c)
            ) throw h;
          });
          return;
        } catch (h) {
          let { failure: m } = u;
          if (!(m !== null && ee(m)) || l === am) throw h;
        }
      }
    }
  };
function bc({ upload: n, ended: e }) {
  e.abort(), n.outcome.value = Zi;
}
async function um(n, e, t, s) {
  return (await Ya(n, e)).some((i) => {
    let o = i.file ?? i;
    return i.name === e && o.bytes === t && o.sha256 === s;
  });
}
async function cm(n, e) {
  let t = Promise.withResolvers(),
    s = () => t.reject(new g("interrupted", "cancelled"));
  e.aborted && s(), e.addEventListener("abort", s);
  try {
    return await Promise.race([n, t.promise]);
  } finally {
    e.removeEventListener("abort", s);
  }
}
var hm = 500,
  vr = class {
    player = new hr();
    tab = this.player.tab;
    library = new Rn(this.tab);
    shelves = new Zt(this.tab);
    groups = new Cn(this.tab.clock);
    actions = new On(this.groups, this.player.errands, this.player.choices);
    queue = new Fn(this.tab, this.groups, this.player.errands);
    destination = new _n(this.groups, () => this.tab.welcome.value?.key);
    remote = new fr({
      player: this.player,
      groups: this.groups,
      actions: this.actions,
      destination: this.destination,
      named: (e) => this.library.named(e),
    });
    pictures = new qn(this.tab);
    places = new Wn();
    overlays = new Un();
    found = new Zt(this.tab);
    waveforms = new Ln(this.tab);
    devices = new kn(this.tab);
    uploads = new gr(this.tab, () => this.refresh());
    own = R(() =>
      rl({
        connection: this.tab.connection.value,
        silenced: this.tab.silenced.value,
        now: this.player.now.value,
      })
    );
    install = x(null);
    isReadOnly = x(!1);
    #e = null;
    #t = !1;
    constructor() {
      this.player.describe = (e) => {
        let t = this.library.named(e),
          s = t?.art ? this.pictures.address(t, 512) : null;
        return { ...K(e, t), cover: s };
      },
        this.tab.onWelcome = (e) => {
          this.devices.watch(e),
            this.groups.watch(e),
            this.refresh(),
            this.player.errands.runReady();
        },
        this.groups.rows.subscribe(() => this.player.errands.runReady()),
        document.addEventListener("visibilitychange", () => {
          document.hidden || this.recheck();
        });
      for (let e of ["pointerdown", "keydown"]) {
        document.addEventListener(e, () => this.#s(), { capture: !0 });
      }
      document.addEventListener("pointerup", () => this.#r()),
        $o((e) => this.install.value = e),
        setInterval(() => this.groups.tick(), hm),
        this.tab.run();
    }
    play(e, t = this.library.songs.peek() ?? []) {
      let s = wc(t), r = s.indexOf(e);
      this.remote.choose({ songs: s, at: r, title: ne(e) });
    }
    toggle() {
      if (this.#t) return this.#t = !1, this.#r();
      this.remote.song.value !== null ? this.remote.toggle() : this.playFirst();
    }
    playFirst() {
      let [e] = wc(this.library.songs.peek() ?? []);
      e !== void 0 && this.play(e);
    }
    refresh() {
      this.library.refresh(), this.#n();
    }
    recheck() {
      this.library.recheck(), this.#n();
    }
    #n() {
      this.shelves.refresh(), this.pictures.refresh();
    }
    refused = (e) => {
      M(e).code === "read-only" && (this.isReadOnly.value = !0), Z(e);
    };
    get ownKey() {
      return this.tab.welcome.value?.key;
    }
    playOn(e, t) {
      this.destination.choose({ group: e.group }), this.actions.play(e, t);
    }
    playHere() {
      let e = this.remote.elsewhere.peek(),
        t = this.groups.of(this.ownKey ?? "");
      if (
        this.tab.touched(),
          this.destination.choose("here"),
          e === null || e.state === "stopped" || !t
      ) return;
      let s = t.devices.filter(({ key: r }) => r === this.ownKey);
      this.actions.move(e, s);
    }
    search(e) {
      this.library.search.value = e;
      let { now: t } = this.places;
      t.peek().name !== "search"
        ? (this.#e = t.peek(), this.places.go({ name: "search", what: "" }))
        : e === "" && this.#e !== null &&
          (this.places.go(this.#e, !0), this.#e = null);
    }
    async openAlbumOf({ album: e = "", albumArtist: t, artist: s }) {
      try {
        let r = await this.tab.whenOnline(),
          { albums: i } = await r.request({
            type: "albums",
            match: e,
            limit: 100,
          }),
          o = i.filter((c) => c.album === e),
          u = o.find((c) => c.artist === (t ?? s)) ?? o[0] ?? i[0];
        u && this.places.go({ name: "albums", what: u.key });
      } catch (r) {
        Z(r);
      }
    }
    #s() {
      this.#t = this.tab.silenced.value, this.#r();
    }
    #r() {
      this.tab.silenced.value && this.tab.touched();
    }
  };
function wc(n) {
  return n.filter(({ format: e }) => e !== null).map(({ name: e }) => e);
}
function we({ app: n, of: e, title: t, size: s = 64 }) {
  let [r, i] = G(null),
    o = e && n.pictures.address(e, s),
    l = o !== null && o !== r;
  return a("span", {
    class: "art",
    style: { "--hue": fm(t) },
    "aria-hidden": "true",
    children: [
      a("span", { children: pm(t) }),
      l &&
      a("img", {
        src: o,
        alt: "",
        loading: "lazy",
        decoding: "async",
        onError: () => i(o),
      }, o),
    ],
  });
}
function fm(n) {
  let e = 0;
  for (let t of n) e = e * 31 + t.codePointAt(0) | 0;
  return (e >>> 0) % 24 * 15;
}
function pm(n) {
  let [e] = n.match(/[\p{L}\p{N}]/u) ?? ["\u266A"];
  return A(e).toUpperCase();
}
var dm = {
  add: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  album:
    "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
  artist: "M12 3a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM3 21c0-4 4-6 9-6s9 2 9 6z",
  back: "M14.500 5 16 6.400 10.400 12l5.600 5.600-1.500 1.400-7-7z",
  browser:
    "M3 4h18a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-7v2h3v2H7v-2h3v-2H3a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zm1 2v10h16V6z",
  check: "M9.500 17.500 4 12l1.500-1.500 4 4 9-9L20 7z",
  close:
    "M6.400 5 5 6.400l5.600 5.600L5 17.600 6.400 19l5.600-5.600 5.600 5.600 1.400-1.400-5.600-5.600L19 6.400 17.600 5 12 10.600z",
  device:
    "M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm5 3a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3zm0 5a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  down: "M6.400 9 12 14.600 17.600 9 19 10.400l-7 7-7-7z",
  folder: "M3 5h7l2 2h9v12H3z",
  home: "M12 3 3 11v10h6v-6h6v6h6V11z",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm-1 4h2v2h-2zm0 4h2v6h-2z",
  list: "M3 6h12v2H3zm0 5h12v2H3zm0 5h8v2H3zm14-5 5 3.500-5 3.500z",
  lock:
    "M7 10V8a5 5 0 0 1 10 0v2h1a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zm2 0h6V8a3 3 0 0 0-6 0z",
  more:
    "M12 5a1.800 1.800 0 1 0 0 3.600A1.800 1.800 0 0 0 12 5zm0 5.200a1.800 1.800 0 1 0 0 3.600 1.800 1.800 0 0 0 0-3.600zm0 5.200a1.800 1.800 0 1 0 0 3.600 1.800 1.800 0 0 0 0-3.600z",
  mute:
    "M4 9v6h4l5 4V5L8 9zm11.300.700 1.400-1.400 2.100 2.100 2.100-2.100 1.400 1.400-2.100 2.100 2.100 2.100-1.400 1.400-2.100-2.100-2.100 2.100-1.400-1.400 2.100-2.100z",
  next: "M6 6v12l9-6zM16 6h2.500v12H16z",
  pause: "M7 5h4v14H7zM13 5h4v14h-4z",
  play: "M8 5v14l11-7z",
  previous: "M18 6v12l-9-6zM5.500 6H8v12H5.500z",
  repeat:
    "M7 7h9V4.500L20 8l-4 3.500V9H8v4H6V8a1 1 0 0 1 1-1zm10 10H8v2.500L4 16l4-3.500V15h8v-4h2v5a1 1 0 0 1-1 1z",
  search:
    "M10 4a6 6 0 1 0 3.700 10.700l5 5 1.400-1.400-5-5A6 6 0 0 0 10 4zm0 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z",
  shuffle:
    "M16 4l4 3.500L16 11V8.500h-2.200l-2 2.700-1.300-1.700L13 6.500h3zM4 6.500h4l7 9.500h1v-2.500l4 3.500-4 3.500V18h-2L7 8.500H4zm0 9.500h3l2-2.700 1.300 1.700L8 18H4z",
  song: "M9 4v11.200A3.500 3.500 0 1 0 11 18V8h8V4z",
  stop: "M6.500 6.500h11v11h-11z",
  upload:
    "M11 16V8.800l-3 3-1.400-1.400L12 5l5.400 5.400L16 11.800l-3-3V16zM5 18h14v2H5z",
  volume:
    "M4 9v6h4l5 4V5L8 9zm11.500-.500a5 5 0 0 1 0 7l1.200 1.200a6.700 6.700 0 0 0 0-9.400z",
};
function b({ name: n }) {
  return a("svg", {
    class: "icon",
    viewBox: "0 0 24 24",
    "aria-hidden": "true",
    children: a("path", { d: dm[n] }),
  });
}
function _({ of: n }) {
  return a("bdi", { children: A(n) });
}
function xc({ words: n }) {
  return a("span", {
    children: n.map((e, t) =>
      typeof e == "string" ? A(e) : a(_, { of: e.name }, t)
    ),
  });
}
var f = {
  places: {
    home: "Home",
    library: "Library",
    albums: "Albums",
    artists: "Artists",
    songs: "Songs",
    playlists: "Playlists",
    folders: "Folders",
    search: "Search",
    rooms: "Rooms",
  },
  home: {
    night: "Good night",
    morning: "Good morning",
    day: "Good afternoon",
    evening: "Good evening",
    surprise: "Surprise me",
    surpriseDetail: "Shuffle the whole library",
    recent: "Recently added",
    showAll: "Show all",
  },
  songs: {
    loading: "Asking the server for its songs\u2026",
    none: "There are no songs yet. Drop files here, or choose some.",
    noneReadOnly: "There are no songs on this server yet.",
    notFound: (n) => `No song has \u201C${n}\u201D in its name.`,
    order: "Order",
    orders: {
      natural: "By name",
      title: "By title",
      album: "By album",
      added: "Newest first",
    },
  },
  kinds: { album: "Album", artist: "Artist", playlist: "Playlist" },
  lists: {
    minutes: (n) => `${Math.max(1, Math.round(n / 60))} min`,
    noAlbums: "Albums appear here once songs have tags or lie in folders.",
    noArtists: "Artists appear here once songs have tags.",
    noPlaylists: "Put a playlist (.m3u8) into the music folder to see it here.",
    count: (n, e) => `${n.toLocaleString("en")} ${e}${n === 1 ? "" : "s"}`,
    missing: (n) => `${n} missing`,
    gone: "This is no longer on the server.",
    loading: "One moment\u2026",
  },
  play: {
    play: "Play",
    shuffle: "Shuffle",
    on: "Play on\u2026",
    next: "Play next",
    end: "Add to queue",
    toAlbum: "Go to album",
    toArtist: "Go to artist",
    more: (n) => `More for ${n}`,
    anywhere: (n) => `Play ${n} on another device`,
    pick: "Select",
    picked: (n) => `${n} ${n === 1 ? "song" : "songs"} selected`,
    unpick: "Clear selection",
    remove: "Remove from server",
    removed: (n) => `Removed ${n}`,
    restored: (n) => `${n} is back`,
    undo: "Undo",
  },
  player: {
    label: "Player",
    nothing: "Nothing plays",
    choose: "Choose a song",
    begins: "begins\u2026",
    castHere: "cast here",
    open: "Show the playing song",
    close: "Close",
    previous: "Previous song",
    next: "Next song",
    stop: "Stop",
    pause: "Pause",
    play: "Play",
    shuffle: "Shuffle",
    repeat: {
      off: "Repeat: off",
      all: "Repeat: all songs",
      one: "Repeat: this song",
    },
    position: "Position",
    volume: "Volume",
    mute: "Mute",
    unmute: "Unmute",
    queue: "Queue",
    details: "About this stream",
    buffer: "Buffer",
    rate: "Data rate",
    format: "Format",
    gaps: "Gaps",
  },
  output: {
    here: "This browser",
    hereShort: "Here",
    choose: (n) => `Plays on ${n}. Choose where to play`,
    title: "Where should it play?",
    hint: "The music moves there and goes on at the same place.",
    none:
      "Open this page on another device, or run \u201Condacast receive\u201D there.",
  },
  queue: {
    title: "Up next",
    clear: "Clear",
    empty: "The queue is empty. Add songs with \u201CAdd to queue\u201D.",
    remove: "Remove from queue",
    top: "Play next",
    up: "Move up",
    down: "Move down",
    last: "Move to the end",
    jump: (n) => `Play ${n}`,
    more: (n) => `More for ${n} in the queue`,
    keys: "Alt and the arrow keys move a song, Delete removes it.",
  },
  rooms: {
    this: "This browser",
    name: "Name of this browser",
    receive: "Others may play songs here",
    install: "Install as an app",
    none: "No other devices yet. Open this page on another device, or run",
    noneThere: "there.",
    more: (n) => `More for ${n}`,
    pause: (n) => `Pause ${n}`,
    resume: (n) => `Resume ${n}`,
    stop: (n) => `Stop ${n}`,
    next: (n) => `Next song on ${n}`,
    volume: (n) => `Volume of ${n}`,
    position: (n) => `Position on ${n}`,
    mute: (n) => `Mute ${n}`,
    unmute: (n) => `Unmute ${n}`,
    choose: "Choose as output",
    chosen: "Music you choose plays here",
    join: "Play together with",
    leave: (n) => `Take ${n} out of the group`,
    split: "Separate all",
    delay: "Delay",
    delayHint:
      "Raise it if this room sounds late, as with Bluetooth or a television.",
    delayOf: (n) => `Delay of ${n}, in milliseconds`,
    others: (n) => `${n} more connected, not open to songs`,
    states: {
      idle: "online",
      waiting: "ready",
      playing: "plays",
      paused: "paused",
      stopped: "ready",
    },
    away: "away",
    own: {
      away: "away",
      silenced: "waiting for a tap",
      idle: "ready",
      buffering: "buffering\u2026",
      paused: "paused",
      playing: "plays",
    },
    inStep: "in step",
    off: (n) => `${n} ms out of step`,
    gone: "This room is away at the moment.",
    open: "Open room",
  },
  search: {
    label: "Search songs",
    hint: "Songs, albums, artists",
    start: "Search the whole library",
    startDetail: "Accents and capitals do not matter.",
  },
  status: {
    connecting: "connecting\u2026",
    away: "the server is away; trying again\u2026",
    locked: "locked",
    ended: "not connected",
    counts: (n, e) => ` \xB7 ${n} online \xB7 ${e} listening`,
  },
  banner: {
    again: "Connect again",
    silent: "A song plays here, but the browser keeps this page silent.",
    sound: "Turn on sound",
  },
  add: {
    button: "Add music",
    label: "Upload songs",
    choose: "Choose songs to add",
    drop: "Drop songs to upload them",
    hints: {
      exists: "Replace it, or rename the file and add it again.",
      "bad-name": "Rename the file, and add it again.",
      "not-wav": "If another program plays it, save it anew there.",
      unsupported: "Convert it to FLAC, WAV or MP3, and add it again.",
      "too-large": "Start the server with a larger --max-upload.",
      "no-space": "Make room on the server's disk, and send it again.",
      "bad-hash": "It was damaged on its way. Send it again.",
      "read-only": "Add it on the server's own machine.",
      lost: "See whether the server runs, and send it again.",
    },
  },
  lock: {
    title: "This server requires a token",
    explain:
      "It is the house password. Ask the person who runs the server for it.",
    field: "Token",
    remember: "Remember it in this browser",
    open:
      "This connection is not encrypted: anyone who can read your network traffic can read the token.",
    enter: "Enter",
  },
  name: {
    title: "What should this browser be called?",
    now: "Now:",
    explain:
      "Others at home see this name when they choose where music plays, such as \u201CKitchen tablet\u201D.",
    field: "Name",
    save: "Save",
    later: "Not now",
  },
  dialog: { cancel: "Cancel", close: "Close", dismiss: "Dismiss" },
  keys: {
    title: "Keys",
    rows: [
      ["Space", "play or pause"],
      ["\u2190 \u2192", "on the position: 10 seconds back or forward"],
      ["n, p", "next or previous song"],
      ["\u2191 \u2193", "from song to song in a list"],
      ["m", "mute or unmute"],
      ["/", "search"],
      ["?", "this list"],
    ],
  },
};
var mm = 600, ym = 300;
function br(
  {
    count: n,
    rowHeight: e,
    columns: t = 1,
    label: s,
    kind: r = "",
    tall: i = null,
    children: o,
  },
) {
  let l = J(null), u = Math.ceil(n / t), [c, h] = G({ from: 0, to: 30 });
  ke(() => {
    let y = 0,
      k = () => {
        y = 0;
        let F = l.current.getBoundingClientRect().top,
          S = gm(F, innerHeight, e);
        h((Y) => Y.from === S.from && Y.to === S.to ? Y : S);
      },
      D = () => y ||= requestAnimationFrame(k);
    k();
    let w = i ?? globalThis;
    return w.addEventListener("scroll", D, { passive: !0 }),
      addEventListener("resize", D),
      () => {
        cancelAnimationFrame(y),
          w.removeEventListener("scroll", D),
          removeEventListener("resize", D);
      };
  }, [e, i, n === 0]);
  let m = Math.min(c.from, Math.max(0, u - 1)), p = Math.min(c.to, u);
  return a("div", {
    ref: l,
    class: "virtual",
    role: "list",
    "aria-label": s,
    style: { height: `${u * e}px` },
    onKeyDown: vm,
    children: a("div", {
      class: `window ${r}`,
      role: "none",
      style: { top: `${m * e}px` },
      children: o(m * t, Math.min(n, p * t)),
    }),
  });
}
function gm(n, e, t) {
  let [s, r] = [mm, ym].map((u) => Math.ceil(u / t)),
    i = Math.floor(-n / t) - s,
    o = Math.max(0, Math.floor(i / r) * r),
    l = Math.ceil(e / t) + 2 * s + r;
  return { from: o, to: Math.max(o, i) + l };
}
function vm(n) {
  let e = { ArrowDown: 1, ArrowUp: -1 }[n.key], t = n.target;
  if (e === void 0 || !t.classList.contains("whole")) return;
  let s = [...n.currentTarget.querySelectorAll(".whole")],
    r = s[s.indexOf(t) + e];
  r !== void 0 && (n.preventDefault(), r.focus());
}
function _c({ count: n, label: e, children: t }) {
  let s = J(null), [r, i] = G({ columns: 6, rowHeight: 240 });
  return ke(() => {
    let o = s.current.querySelector(".tiles"),
      l = () => {
        let c = bm(o);
        i((h) => wm(h, c) ? h : c);
      };
    l();
    let u = new ResizeObserver(l);
    return u.observe(o), () => u.disconnect();
  }, []),
    a("div", {
      ref: s,
      children: a(br, { count: n, label: e, kind: "tiles", ...r, children: t }),
    });
}
function bm(n) {
  let { gridTemplateColumns: e, rowGap: t } = getComputedStyle(n),
    s = e.split(" ").length,
    { height: r } = n.firstElementChild.getBoundingClientRect();
  return { columns: s, rowHeight: r + parseFloat(t) };
}
function wm(n, e) {
  return n.columns === e.columns && Math.abs(n.rowHeight - e.rowHeight) < .1;
}
function wr({ app: n, albums: e }) {
  return a("ul", {
    class: "shelf",
    children: e.map((t) =>
      a("li", { class: "tile", children: a(Qi, { app: n, album: t }) }, t.key)
    ),
  });
}
function xr({ app: n, albums: e }) {
  return a("ul", {
    class: "tiles",
    children: e.map((t) =>
      a("li", { class: "tile", children: a(Qi, { app: n, album: t }) }, t.key)
    ),
  });
}
function kc({ app: n, albums: e, onEnd: t }) {
  return a(_c, {
    count: e.length,
    label: f.places.albums,
    children: (
      s,
      r,
    ) => (r >= e.length && t(),
      e.slice(s, r).map((i, o) =>
        a("div", {
          class: "tile",
          role: "listitem",
          "aria-setsize": e.length,
          "aria-posinset": s + o + 1,
          children: a(Qi, { app: n, album: i }),
        }, i.key)
      )),
  });
}
function Qi({ app: n, album: e }) {
  let { key: t, album: s, artist: r } = e;
  return a(E, {
    children: [
      a("a", {
        href: he({ name: "albums", what: t }),
        children: [
          a(xm, { app: n, album: e }),
          a("span", { class: "title", children: a(_, { of: s }) }),
          a("span", { class: "detail", children: a(_, { of: r }) }),
        ],
      }),
      a("button", {
        type: "button",
        class: "round main",
        "aria-label": `Play ${A(s)}`,
        onClick: () => n.remote.choose({ songs: [`album:${t}`], title: s }),
        children: a(b, { name: "play" }),
      }),
    ],
  });
}
function xm({ app: n, album: e, size: t = 256 }) {
  let s = e.art ? n.pictures.coverOf(e.key).value : null;
  return a(we, { app: n, of: s, title: e.album, size: t });
}
var _m = /^[ -~]*$/, Ec = /\p{M}+/gu, km = /[0-9]+/g;
function Em(n) {
  return Am(n, Sm.name);
}
var Sm = { tag: 512, name: 4096 };
function Am(n, e) {
  return _m.test(n) ? n.toLowerCase() : Ac(Ia(Ac(n).slice(0, e)));
}
function Mm(n) {
  return Om(Em(n));
}
function Om(n) {
  return n.replace(km, Tm);
}
function Mc(n, e) {
  return Array.from(n, (t) => {
    let s = e(t);
    return { item: t, text: s, key: Mm(s) };
  }).sort((t, s) => Sc(t.key, s.key) || Sc(t.text, s.text)).map(({ item: t }) =>
    t
  );
}
function Sc(n, e) {
  return n < e ? -1 : n > e ? 1 : 0;
}
function Ac(n) {
  return n.replace(Ec, "").normalize("NFKD").replace(Ec, "");
}
function Tm(n) {
  let e = n.replace(/^0+/, ""), { length: t } = e;
  return "0" + String.fromCharCode(t >>> 15, t & 32767) + e;
}
var Ct = { files: 1e4, entries: 1e5, depth: 15 };
function Tc(n) {
  let e = { files: [], leftOut: 0, cut: !1 }, t = [];
  for (let s of n.items) {
    if (s.kind !== "file") continue;
    let r = s.webkitGetAsEntry?.(), i = r?.isDirectory ? null : s.getAsFile();
    i ? e.files.push({ file: i, path: i.name }) : r && t.push(r);
  }
  return new eo(e).run(t);
}
var eo = class {
  #e;
  #t = Ct.entries;
  constructor(e) {
    this.#e = e;
  }
  async run(e) {
    for (let t of Oc(e)) await this.#n(t, 0);
    return this.#e;
  }
  async #n(e, t) {
    let s = this.#e;
    if (this.#t === 0 || s.files.length >= Ct.files) {
      s.cut = !0;
      return;
    }
    if (this.#t--, !ai(e.name)) {
      try {
        if (Fm(e)) await this.#s(e);
        else if (t < Ct.depth) {
          for (let r of await this.#r(e)) await this.#n(r, t + 1);
        } else s.cut = !0;
      } catch {
        s.leftOut++;
      }
    }
  }
  async #s(e) {
    if (!Ra(e.name)) {
      this.#e.leftOut++;
      return;
    }
    let t = await new Promise((s, r) => e.file(s, r));
    this.#e.files.push({ file: t, path: e.fullPath.replace(/^\//, "") });
  }
  async #r(e) {
    let t = e.createReader(), s = [];
    for (; s.length < this.#t;) {
      let r = await new Promise((i, o) => t.readEntries(i, o));
      if (r.length === 0) break;
      s.push(...r);
    }
    return Oc(s);
  }
};
function Fm(n) {
  return n.isFile;
}
function Oc(n) {
  return Mc(n, ({ name: e }) => e);
}
var Fc = 200;
function Cc({ app: n }) {
  let { uploads: e } = n, t = e.rows.value;
  if (t.length === 0) return null;
  let s = (l) => t.filter((u) => u.outcome.value === l).length,
    [r, i] = [s("stored"), s(null)],
    o = t.length <= Fc
      ? t
      : t.filter(({ outcome: l }) => l.value !== "stored").slice(0, Fc);
  return a("section", {
    class: "uploads",
    "aria-label": "Uploads",
    children: [
      a("div", {
        class: "head",
        children: [
          a("p", {
            role: "status",
            children: [r, " of ", t.length, " stored"],
          }),
          i > 0 &&
          a("button", {
            type: "button",
            onClick: () => e.cancelAll(),
            children: "Cancel all",
          }),
          i < t.length &&
          a("button", {
            type: "button",
            onClick: () => e.clear(),
            children: "Clear finished",
          }),
        ],
      }),
      a("ul", { children: o.map((l) => a(Cm, { app: n, upload: l }, l.id)) }),
    ],
  });
}
function Cm({ app: n, upload: e }) {
  let { uploads: t } = n,
    s = A(e.song),
    r = e.outcome.value,
    i = r !== null && r !== "stored";
  return a("li", {
    class: i ? "refused" : "",
    children: [
      a("div", {
        class: "about",
        children: [
          a("span", { class: "title", children: a(_, { of: e.song }) }),
          a(Rm, { upload: e }),
        ],
      }),
      i && !Dm.includes(r.code) && a("button", {
        type: "button",
        "aria-label": `${r.code === "exists" ? "Replace" : "Send again"} ${s}`,
        onClick: () => t.again(e, r.code === "exists"),
        children: r.code === "exists" ? "Replace" : "Send again",
      }),
      a("button", {
        type: "button",
        class: "plain",
        "aria-label": `${r === null ? "Cancel" : "Dismiss"} ${s}`,
        onClick: () => r === null ? t.cancel(e) : t.dismiss(e),
        children: a(b, { name: "close" }),
      }),
    ],
  });
}
var Dm = ["bad-name", "not-wav", "unsupported", "too-large"];
function Rm({ upload: n }) {
  let { file: e, outcome: { value: t } } = n;
  if (t === "stored") {
    return a("span", { class: "detail", children: ["stored, ", bt(e.size)] });
  }
  if (t !== null) {
    let r = f.add.hints[t.code];
    return a("span", {
      role: "alert",
      children: [
        a("span", { class: "detail", children: A(t.message) }),
        r &&
        a(E, {
          children: [a("br", {}), a("span", { class: "detail", children: r })],
        }),
      ],
    });
  }
  let s = n.sentBytes.value;
  return a(E, {
    children: [
      a("span", { class: "detail", children: [bt(s), " of ", bt(e.size)] }),
      a("progress", {
        "aria-label": `Upload of ${A(n.song)}`,
        max: e.size || 1,
        value: s,
      }),
    ],
  });
}
var Im = ti.flatMap(({ endings: n, mediaTypes: e }) => [...n, ...e]).join(",");
function _r({ app: n, label: e = f.add.label }) {
  return a("label", {
    class: "button",
    children: [
      a(b, { name: "add" }),
      a("span", { children: f.add.button }),
      a("input", {
        type: "file",
        class: "hidden",
        "aria-label": e,
        accept: Im,
        multiple: !0,
        onChange: ({ currentTarget: t }) => {
          n.uploads.add(
            [...t.files ?? []].map((s) => ({ file: s, path: s.name })),
          ), t.value = "";
        },
      }),
    ],
  });
}
function Dc({ app: n }) {
  let [e, t] = G(!1);
  return U(() => {
    let s = new AbortController(),
      { signal: r } = s,
      i = ({ dataTransfer: o }) => o?.types.includes("Files") ?? !1;
    return document.addEventListener("dragover", (o) => {
      i(o) && (o.preventDefault(), t(!0));
    }, { signal: r }),
      document.addEventListener("dragleave", ({ relatedTarget: o }) => {
        o === null && t(!1);
      }, { signal: r }),
      document.addEventListener("drop", (o) => {
        t(!1),
          i(o) &&
          (o.preventDefault(), Tc(o.dataTransfer).then((l) => Nm(n, l)));
      }, { signal: r }),
      () => s.abort();
  }, []),
    e ? a("div", { class: "drop", children: f.add.drop }) : null;
}
function Nm(n, { files: e, leftOut: t, cut: s }) {
  n.uploads.add(e),
    s &&
    Ee(
      `Too many files: at most ${Ct.files} at once, in folders up to ${Ct.depth} deep`,
    ),
    t > 0 &&
    Ee(
      t === 1
        ? "Left out 1 file that is not a song"
        : `Left out ${t} files that are not songs`,
    );
}
function xe({ children: n, label: e }) {
  return a("div", {
    class: "empty",
    children: [
      a("svg", {
        viewBox: "0 0 96 96",
        "aria-hidden": "true",
        children: a("path", {
          d: "M14 46v4a3 3 0 0 0 6 0v-4a3 3 0 0 0-6 0zm14-10v24a3 3 0 0 0 6 0V36a3 3 0 0 0-6 0zm14-14v52a3 3 0 0 0 6 0V22a3 3 0 0 0-6 0zm14 8v36a3 3 0 0 0 6 0V30a3 3 0 0 0-6 0zm14 10v16a3 3 0 0 0 6 0V40a3 3 0 0 0-6 0z",
        }),
      }),
      a("p", { children: e }),
      n,
    ],
  });
}
function kr({ app: n }) {
  return n.isReadOnly.value ? a(xe, { label: f.songs.noneReadOnly }) : a(xe, {
    label: f.songs.none,
    children: a(_r, { app: n, label: f.add.choose }),
  });
}
var Rc = 24;
function Ic({ app: n }) {
  let { shelves: e, library: t, groups: s } = n;
  U(() => {
    e.recent.show({ sort: "added" }), e.albums.show({ sort: "album" });
  }, []);
  let r = e.recent.listed.value?.rows ?? [],
    i = e.albums.listed.value?.rows ?? [];
  if (t.songs.value?.length === 0) return a(kr, { app: n });
  let o = (s.rows.value ?? []).filter(({ state: l, song: u, devices: c }) =>
    l !== "stopped" && u !== null && c.some(({ away: h }) => !h)
  );
  return a(E, {
    children: [
      a("section", {
        children: [
          a("div", {
            class: "section-head",
            children: a("h1", { children: $m() }),
          }),
          a("div", {
            class: "cards",
            children: [
              a(Lm, { app: n }),
              o.map((l) => a(Pm, { app: n, row: l }, l.group)),
              a(Um, { app: n }),
            ],
          }),
        ],
      }),
      r.length > 0 &&
      a(ze, {
        title: f.home.recent,
        all: { name: "albums", what: "" },
        children: a(wr, { app: n, albums: r.slice(0, Rc) }),
      }),
      i.length > 0 &&
      a(ze, {
        title: f.places.albums,
        all: { name: "albums", what: "" },
        children: a(xr, { app: n, albums: i.slice(0, Rc) }),
      }),
    ],
  });
}
function ze({ title: n, all: e, children: t }) {
  return a("section", {
    "aria-label": n,
    children: [
      a("div", {
        class: "section-head",
        children: [
          a("h2", { children: n }),
          e &&
          a("a", {
            class: "more",
            href: he(e),
            "aria-label": `${f.home.showAll}: ${n}`,
            children: f.home.showAll,
          }),
        ],
      }),
      t,
    ],
  });
}
function Pm({ app: n, row: e }) {
  let { group: t, name: s, song: r, artist: i, state: o } = e,
    l = n.library.named(r),
    { title: u } = K(r, l),
    c = o === "playing";
  return a("div", {
    class: "card",
    children: [
      a("a", {
        href: he({ name: "rooms", what: t }),
        children: [
          a(we, {
            app: n,
            of: e.art ? l ?? { name: r } : null,
            title: l?.album ?? u,
            size: 128,
          }),
          a("span", {
            class: "about",
            children: [
              a("span", { class: "detail", children: a(_, { of: s }) }),
              a("span", { class: "title", children: a(_, { of: u }) }),
              i !== void 0 &&
              a("span", { class: "detail", children: a(_, { of: i }) }),
            ],
          }),
        ],
      }),
      a("button", {
        type: "button",
        class: "round",
        "aria-label": c ? f.rooms.pause(A(s)) : f.rooms.resume(A(s)),
        onClick: () => n.actions.control(e, { action: c ? "pause" : "resume" }),
        children: a(b, { name: c ? "pause" : "play" }),
      }),
    ],
  });
}
function Lm({ app: n }) {
  let { title: e, now: t } = f.name, s = n.tab.name.value;
  return me("name") !== null ? null : a("button", {
    type: "button",
    class: "card says",
    onClick: () => n.overlays.show({ kind: "name" }),
    children: [
      a("span", { class: "art plain", children: a(b, { name: "browser" }) }),
      a("span", {
        class: "about",
        children: [
          a("span", { class: "title", children: e }),
          a("span", { class: "detail", children: [t, " ", a(_, { of: s })] }),
        ],
      }),
    ],
  });
}
function Um({ app: n }) {
  let { surprise: e, surpriseDetail: t } = f.home;
  return a("div", {
    class: "card says surprise",
    children: [
      a("span", { class: "art", children: a(b, { name: "shuffle" }) }),
      a("span", {
        class: "about",
        children: [
          a("span", { class: "title", children: e }),
          a("span", { class: "detail", children: t }),
        ],
      }),
      a("button", {
        type: "button",
        class: "round main",
        "aria-label": e,
        onClick: () => n.remote.choose({ songs: ["*"], title: e, shuffle: !0 }),
        children: a(b, { name: "play" }),
      }),
    ],
  });
}
function $m() {
  let { night: n, morning: e, day: t, evening: s } = f.home,
    r = new Date().getHours();
  return r < 5 ? n : r < 12 ? e : r < 18 ? t : s;
}
function _e(
  { title: n, onClose: e, kind: t = "box", at: s, isBare: r = !1, children: i },
) {
  let o = J(null);
  return ke(() => {
    let l = o.current;
    return l.showModal(), () => l.close();
  }, []),
    ke(() => {
      s && Bm(o.current, s);
    }, [s]),
    a("dialog", {
      ref: o,
      class: t,
      "aria-label": A(n),
      onCancel: (l) => {
        e || l.preventDefault();
      },
      onClose: () => {
        o.current !== null && (e ? e() : o.current.showModal());
      },
      onClick: (l) => {
        l.target === o.current && e?.();
      },
      children: a("div", {
        class: "inside",
        children: [
          !r && a("h2", { children: a("bdi", { children: A(n) }) }),
          i,
        ],
      }),
    });
}
function Bm(n, e) {
  let { style: t } = n, s = e.bottom < innerHeight * .6;
  t.setProperty("--x", `${Math.max(8, innerWidth - e.right)}px`),
    t.setProperty("--top", s ? `${e.bottom + 4}px` : "auto"),
    t.setProperty("--bottom", s ? "auto" : `${innerHeight - e.top + 4}px`);
}
function de({ app: n, label: e, title: t, items: s }) {
  return a("button", {
    type: "button",
    class: "plain more",
    "aria-label": e,
    "aria-haspopup": "dialog",
    onClick: ({ currentTarget: r }) =>
      n.overlays.show({
        kind: "menu",
        title: t,
        items: s(),
        at: r.getBoundingClientRect(),
      }),
    children: a(b, { name: "more" }),
  });
}
function Nc({ menu: n, onClose: e }) {
  let t = J(null);
  return a(_e, {
    title: n.title,
    kind: "menu",
    at: n.at,
    onClose: e,
    children: a("ul", {
      ref: t,
      class: "choices",
      onKeyDown: (s) => {
        let r = { ArrowDown: 1, ArrowUp: -1 }[s.key];
        if (r === void 0) return;
        s.preventDefault();
        let i = [...t.current.querySelectorAll("button")],
          o = i.indexOf(document.activeElement);
        i.at((o + r) % i.length)?.focus();
      },
      children: n.items.map((
        { label: s, act: r, icon: i, name: o, isChosen: l },
        u,
      ) =>
        a("li", {
          children: r === void 0
            ? a("p", { class: "detail", children: s })
            : a("button", {
              type: "button",
              "aria-pressed": l,
              onClick: () => {
                e(), r();
              },
              children: [
                i && a(b, { name: i }),
                a("span", {
                  children: [
                    s,
                    o !== void 0 && a(E, { children: [" ", a(_, { of: o })] }),
                  ],
                }),
              ],
            }),
        }, u)
      ),
    }),
  });
}
function Qt(n, e) {
  let { play: t } = f,
    s = (r) => () => {
      n.remote.choose({ ...e, place: r });
    };
  return [
    { label: t.play, icon: "play", act: s("now") },
    { label: t.next, icon: "next", act: s("next") },
    { label: t.end, icon: "list", act: s("end") },
    {
      label: t.on,
      icon: "device",
      act: () => n.overlays.show({ kind: "playOn", choice: e }),
    },
  ];
}
function to(n) {
  let { title: e } = K(n.name, n);
  return { songs: [n.name], title: e };
}
function Er(n, e) {
  let { play: t } = f,
    { artist: s = null, album: r } = e,
    i = s?.split("; ")[0];
  return [
    ...Qt(n, to(e)),
    ...i
      ? [{
        label: t.toArtist,
        icon: "artist",
        act: () => n.places.go({ name: "artists", what: i }),
      }]
      : [],
    ...r
      ? [{ label: t.toAlbum, icon: "album", act: () => n.openAlbumOf(e) }]
      : [],
    ...n.isReadOnly.peek() || e.live
      ? []
      : [{ label: t.remove, icon: "close", act: () => jm(n, e) }],
  ];
}
async function jm(n, { name: e, etag: t, ...s }) {
  if (t === null) return;
  let { title: r } = K(e, s),
    i = async (o) => {
      let l = await n.tab.whenOnline();
      o === "restore"
        ? await l.request({ type: o, song: e })
        : await l.request({ type: o, song: e, etag: t }), n.refresh();
    };
  try {
    await i("remove"),
      Ee([f.play.removed(""), { name: r }], {
        label: f.play.undo,
        act: () => i("restore").catch(n.refused),
      });
  } catch (o) {
    n.refused(o);
  }
}
var Pc = {
  "not-found": "no longer among the songs",
  "not-wav": "not a song, or a damaged one",
  changed: "another song has its name now",
  unsupported: "unsupported kind",
  internal: "the server cannot read the file",
  "too-large": "too large",
};
function Sr({ problem: n = "unknown kind", reason: e }) {
  let t = Object.hasOwn(Pc, n) ? Pc[n] : n;
  return `cannot be played: ${A(e ?? t)}`;
}
function Uc() {
  let [n, e] = G(Lc);
  return U(() => {
    let t = () => e(Lc());
    return addEventListener("resize", t),
      () => removeEventListener("resize", t);
  }, []),
    n;
}
function Lc() {
  let n = getComputedStyle(document.documentElement).getPropertyValue(
    "--row-height",
  );
  return parseFloat(n) || 52;
}
function Dt({ items: n, label: e, onEnd: t, children: s }) {
  let r = Uc();
  return a(br, {
    count: n.length,
    rowHeight: r,
    label: e,
    children: (
      i,
      o,
    ) => (o >= n.length && t?.(), n.slice(i, o).map((l, u) => s(l, i + u))),
  });
}
var Ar = "application/x-ondacast-song";
function ot(n) {
  let { songs: e, label: t, onEnd: s } = n;
  return a("div", {
    class: "songs",
    children: a(Dt, {
      items: e,
      label: t,
      onEnd: s,
      children: (r, i) => a(Hm, { ...n, song: r, at: i }, r.name),
    }),
  });
}
function Hm({ app: n, song: e, at: t, songs: s, isAlbum: r = !1, onPlay: i }) {
  let { remote: o } = n,
    l = Kr(() => o.song.value === e.name).value,
    u = Kr(() => o.song.value === e.name && !o.isPaused.value).value,
    { title: c, artist: h, album: m } = K(e.name, e),
    p = e.format !== null,
    y = A(c),
    k = e.seconds === null ? "" : ge(e.seconds),
    D = p ? h ?? vt(e.name) : Sr(e);
  return a("div", {
    role: "listitem",
    "aria-setsize": s.length,
    "aria-posinset": t + 1,
    class: `song ${l ? "here" : ""}`,
    draggable: p,
    onDragStart: (w) => {
      w.dataTransfer?.setData(Ar, e.name),
        w.dataTransfer?.setData("text/plain", e.name);
    },
    children: [
      a("button", {
        type: "button",
        class: "whole",
        disabled: !p,
        "aria-label": `${u ? "Pause" : "Play"} ${y}`,
        onClick: () => l ? n.toggle() : i(e, t),
        children: [
          r
            ? a("span", { class: "number", children: e.track ?? t + 1 })
            : a(we, { app: n, of: e.art ? e : null, title: m ?? c }),
          l &&
          a("span", {
            class: "state",
            children: a(b, { name: u ? "pause" : "play" }),
          }),
          a("span", {
            class: "about",
            children: [
              a("span", { class: "title", children: a(_, { of: c }) }),
              D &&
              a("span", { class: "detail", children: p ? a(_, { of: D }) : D }),
            ],
          }),
          !r &&
          a("span", {
            class: "detail wide",
            children: m !== null && a(_, { of: m }),
          }),
          a("span", { class: "length", children: k }),
        ],
      }),
      a("button", {
        type: "button",
        class: "plain cast",
        disabled: !p,
        "aria-label": f.play.anywhere(y),
        title: f.play.on,
        onClick: () => n.overlays.show({ kind: "playOn", choice: to(e) }),
        children: a(b, { name: "device" }),
      }),
      a(de, { app: n, label: f.play.more(y), title: c, items: () => Er(n, e) }),
    ],
  });
}
function $c({ app: n, albumKey: e }) {
  let t = Gm(n, e),
    [s] = n.shelves.songs.listed.value?.rows ?? [],
    r = t?.album ?? s?.album ?? f.places.albums;
  return a(no, {
    app: n,
    query: { selection: `album:${e}` },
    selection: `album:${e}`,
    kind: f.kinds.album,
    title: r,
    by: t?.artist,
    more: t &&
      [
        ...t.year === void 0 ? [] : [String(t.year)],
        f.lists.count(t.songs, "song"),
        f.lists.minutes(t.seconds),
      ].join(" \xB7 "),
    picture: s ?? null,
    isAlbum: !0,
  });
}
function Gm(n, e) {
  let { albums: t, recent: s } = n.shelves,
    r = [t, s].flatMap((u) => u.listed.value?.rows ?? []).find((u) =>
      u.key === e
    ),
    [i, o] = G(),
    [l] = n.shelves.songs.listed.value?.rows ?? [];
  return U(() => {
    r || !l?.album ||
      n.tab.whenOnline().then((u) =>
        u.request({ type: "albums", match: l.album, limit: 50 })
      ).then(({ albums: u }) => o(u.find((c) => c.key === e))).catch(() => {});
  }, [e, l?.album]),
    r ?? (i?.key === e ? i : void 0);
}
function Bc({ app: n, artist: e }) {
  let { albumsOf: t } = n.shelves;
  U(() => {
    t.show({ artist: e, sort: "year" });
  }, [e]);
  let s = t.listed.value?.rows ?? [];
  return a(no, {
    app: n,
    query: { selection: `artist:${e}` },
    selection: `artist:${e}`,
    kind: f.kinds.artist,
    title: e,
    children: s.length > 0 &&
      a(ze, { title: f.places.albums, children: a(xr, { app: n, albums: s }) }),
  });
}
function jc({ app: n, name: e }) {
  return a(no, {
    app: n,
    query: { selection: `playlist:${e}` },
    selection: `playlist:${e}`,
    kind: f.kinds.playlist,
    title: ne(e),
  });
}
function no(
  { app: n, query: e, selection: t, children: s, isAlbum: r = !1, ...i },
) {
  let { songs: o } = n.shelves;
  U(() => {
    o.show(e);
  }, [JSON.stringify(e)]);
  let l = o.listed.value, u = l?.rows ?? [];
  if (l?.problem && u.length === 0) return a(xe, { label: f.lists.gone });
  let c = l && l.next === void 0 ? f.lists.count(u.length, "song") : "";
  return a(E, {
    children: [
      a(so, { app: n, selection: t, ...i, detail: i.more ?? c }),
      s,
      a("section", {
        "aria-label": f.places.songs,
        children: a(ot, {
          app: n,
          songs: u,
          label: f.places.songs,
          isAlbum: r,
          onPlay: (h, m) =>
            n.remote.choose({
              songs: u.map(({ name: p }) => p),
              at: m,
              title: i.title,
            }),
          onEnd: () => o.more(),
        }),
      }),
    ],
  });
}
function so(
  {
    app: n,
    kind: e,
    title: t,
    selection: s,
    detail: r,
    by: i,
    picture: o = null,
  },
) {
  let l = { songs: [s], title: t }, { play: u } = f;
  return a("div", {
    class: "head",
    children: [
      a(we, { app: n, of: o, title: t, size: 512 }),
      a("div", {
        class: "about",
        children: [
          a("span", { class: "detail", children: e }),
          a("h1", { children: a(_, { of: t }) }),
          a("span", {
            class: "detail",
            children: [
              i &&
              a(E, {
                children: [
                  a("a", {
                    href: he({ name: "artists", what: i }),
                    children: a(_, { of: i }),
                  }),
                  " \xB7 ",
                ],
              }),
              r,
            ],
          }),
          a("div", {
            class: "actions",
            children: [
              a("button", {
                type: "button",
                class: "main",
                onClick: () => n.remote.choose(l),
                children: [
                  a(b, { name: "play" }),
                  a("span", { children: u.play }),
                ],
              }),
              a("button", {
                type: "button",
                onClick: () => n.remote.choose({ ...l, shuffle: !0 }),
                children: [
                  a(b, { name: "shuffle" }),
                  a("span", { children: u.shuffle }),
                ],
              }),
              a("button", {
                type: "button",
                onClick: () => n.overlays.show({ kind: "playOn", choice: l }),
                children: [
                  a(b, { name: "device" }),
                  a("span", { children: u.on }),
                ],
              }),
              a(de, {
                app: n,
                label: u.more(t),
                title: t,
                items: () => Qt(n, l),
              }),
            ],
          }),
        ],
      }),
    ],
  });
}
function Or({ app: n }) {
  let e = n.remote.elsewhere.value,
    t = e === null && n.remote.group.value !== null &&
      n.remote.group.value.devices.length > 1,
    s = e?.name ?? (t ? n.remote.group.value.name : f.output.here);
  return a("button", {
    type: "button",
    class: "output",
    "aria-label": f.output.choose(A(s)),
    "aria-haspopup": "dialog",
    onClick: () => n.overlays.show({ kind: "output" }),
    children: [
      a(b, { name: e || t ? "device" : "browser" }),
      a("span", { children: a(_, { of: s }) }),
      a(b, { name: "down" }),
    ],
  });
}
function Hc(n) {
  let e = n.ownKey;
  return (n.groups.rows.value ?? []).filter(({ devices: t }) =>
    t.every(({ key: s }) => s !== e)
  );
}
function Gc({ app: n, onClose: e }) {
  let t = Hc(n), s = n.remote.elsewhere.value?.group;
  return a(_e, {
    title: f.output.title,
    onClose: e,
    children: [
      a("p", { class: "detail wrap", children: f.output.hint }),
      a("ul", {
        class: "choices",
        children: [
          a(Mr, {
            icon: "browser",
            name: n.tab.name.value,
            detail: f.output.here,
            isChosen: s === void 0,
            onChoose: () => {
              e(), n.playHere();
            },
          }),
          t.map((r) =>
            a(Mr, {
              icon: "device",
              name: r.name,
              detail: zc(r),
              isChosen: r.group === s,
              onChoose: () => {
                e(), n.remote.moveTo(r);
              },
            }, r.group)
          ),
        ],
      }),
      t.length === 0 && a(Wc, {}),
      a("button", { type: "button", onClick: e, children: f.dialog.close }),
    ],
  });
}
function qc({ app: n, choice: e, onClose: t }) {
  let s = Hc(n);
  return a(_e, {
    title: `Play ${e.title} on`,
    onClose: t,
    children: [
      a("ul", {
        class: "choices",
        children: [
          a(Mr, {
            icon: "browser",
            name: f.output.here,
            onChoose: () => {
              t(), n.destination.choose("here"), n.remote.choose(e);
            },
          }),
          s.map((r) =>
            a(Mr, {
              icon: "device",
              name: r.name,
              detail: zc(r),
              onChoose: () => {
                t(), n.playOn(r, e);
              },
            }, r.group)
          ),
        ],
      }),
      s.length === 0 && a(Wc, {}),
      a("button", { type: "button", onClick: t, children: f.dialog.cancel }),
    ],
  });
}
function Wc() {
  return a("p", { class: "detail wrap", children: f.output.none });
}
function Mr({ icon: n, name: e, detail: t, isChosen: s, onChoose: r }) {
  return a("li", {
    children: a("button", {
      type: "button",
      "aria-pressed": s,
      onClick: r,
      children: [
        a(b, { name: n }),
        a("span", {
          class: "about",
          children: [
            a("span", { class: "title", children: a(_, { of: e }) }),
            t && a("span", { class: "detail", children: a(_, { of: t }) }),
          ],
        }),
        s && a(b, { name: "check" }),
      ],
    }),
  });
}
function zc(n) {
  let { state: e, title: t } = n;
  if (pi(n)) return f.rooms.away;
  let s = f.rooms.states[e];
  return e === "stopped" || t === null ? s : `${s}: ${t}`;
}
function ro({ value: n, onSlide: e, onSettle: t }) {
  let [s, r] = G(null), i = J(!1);
  return U(() => {
    let o = () => {
      i.current && (i.current = !1, setTimeout(() => r(null)));
    };
    return addEventListener("pointerup", o),
      addEventListener("pointercancel", o),
      () => {
        removeEventListener("pointerup", o),
          removeEventListener("pointercancel", o);
      };
  }, []),
    [s ?? n, {
      onPointerDown: ({ currentTarget: o }) => {
        i.current = !0, r(o.valueAsNumber);
      },
      onInput: ({ currentTarget: o }) => {
        i.current && r(o.valueAsNumber), e?.(o.valueAsNumber);
      },
      onChange: ({ currentTarget: o }) => t?.(o.valueAsNumber),
    }];
}
function Ve({ value: n, onSlide: e, onSettle: t, max: s, ...r }) {
  let [i, o] = ro({ value: n, onSlide: e, onSettle: t }),
    l = `${Math.min(1, i / (s || 1)) * 100}%`;
  return a("input", {
    type: "range",
    min: "0",
    step: "any",
    style: { "--part": l },
    ...r,
    ...o,
    max: s,
    value: i,
  });
}
var io = 100, qm = 3;
function Vc({ app: n, song: e, bars: t, played: s = 0 }) {
  let r = n.waveforms.of(e).value;
  U(() => n.waveforms.watch(e), [e.name, e.etag]);
  let i = Ye(() => Wm(r, t), [r, t]);
  return a("svg", {
    class: `waveform ${r ? "" : "unknown"}`,
    viewBox: `0 0 ${t} ${io}`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
    children: [
      a("path", { d: i }),
      s > 0 &&
      a("path", {
        class: "played",
        d: i,
        style: { clipPath: `inset(0 ${(1 - s) * 100}% 0 0)` },
      }),
    ],
  });
}
function Wm(n, e) {
  let t = "", s = Math.max(1, ...n ?? []);
  for (let r = 0; r < e; r++) {
    let i = 0;
    if (n) {
      let l = Math.floor(r * n.length / e),
        u = Math.ceil((r + 1) * n.length / e);
      for (let c = l; c < u; c++) i = Math.max(i, n[c]);
    }
    let o = Math.max(qm, Math.round(i / s * io));
    t += `M${r + .2} ${(io - o) / 2}h.6v${o}h-.6z`;
  }
  return t;
}
var zm = globalThis.innerWidth < 760 ? 100 : 200;
function Tr({ app: n }) {
  let { remote: e, library: t } = n,
    s = e.song.value,
    r = e.seconds.value ?? 0,
    [i, o] = ro({
      value: s === null ? 0 : e.position,
      onSettle: (c) => r > 0 && e.seek(c),
    }),
    l = s === null ? void 0 : t.named(s),
    u = r > 0 ? Math.min(1, i / r) : 0;
  return a("div", {
    class: "seek",
    children: [
      a("span", { class: "time", children: ge(i) }),
      a("div", {
        class: "track",
        children: [
          l && a(Vc, { app: n, song: l, bars: zm, played: u }),
          a("input", {
            type: "range",
            "aria-label": f.player.position,
            "aria-valuetext": `${Gt(i)} of ${Gt(r)}`,
            min: "0",
            max: r || 1,
            step: "any",
            style: { "--part": `${u * 100}%` },
            disabled: s === null,
            value: i,
            ...o,
            onKeyDown: (c) => {
              let h = { ArrowLeft: -10, ArrowRight: 10 }[c.key];
              h !== void 0 && (c.preventDefault(), e.skip(h));
            },
          }),
        ],
      }),
      a("span", { class: "time", children: ge(r) }),
    ],
  });
}
function Fr({ app: n }) {
  let { remote: e } = n,
    t = f.player,
    s = e.song.value !== null,
    r = e.isPaused.value,
    { shuffle: i = !1, repeat: o = "off" } = e.group.value ?? {},
    l = e.group.value !== null;
  return a("div", {
    class: "buttons",
    children: [
      a("button", {
        type: "button",
        class: "plain",
        "aria-disabled": !l,
        "aria-pressed": i,
        "aria-label": t.shuffle,
        title: t.shuffle,
        onClick: () => e.shuffle(!i),
        children: a(b, { name: "shuffle" }),
      }),
      a("button", {
        type: "button",
        class: "plain",
        "aria-disabled": !s,
        "aria-label": t.previous,
        onClick: () => s && e.previous(),
        children: a(b, { name: "previous" }),
      }),
      a("button", {
        type: "button",
        class: "round main large",
        "aria-disabled": !s && !n.library.songs.value?.length,
        "aria-label": s && !r ? t.pause : t.play,
        onClick: () => n.toggle(),
        children: a(b, { name: s && !r ? "pause" : "play" }),
      }),
      a("button", {
        type: "button",
        class: "plain",
        "aria-disabled": !s,
        "aria-label": t.next,
        onClick: () => s && e.next(),
        children: a(b, { name: "next" }),
      }),
      a("button", {
        type: "button",
        class: "plain",
        "aria-disabled": !l,
        "aria-pressed": o !== "off",
        "aria-label": t.repeat[o],
        title: t.repeat[o],
        onClick: () => e.repeat(),
        children: [
          a(b, { name: "repeat" }),
          o === "one" &&
          a("span", { class: "one", "aria-hidden": "true", children: "1" }),
        ],
      }),
    ],
  });
}
function Cr({ app: n }) {
  let { remote: e } = n,
    { mute: t, unmute: s, volume: r } = f.player,
    i = e.isMuted;
  return a("div", {
    class: "volume",
    children: [
      a("button", {
        type: "button",
        class: "plain",
        "aria-disabled": e.group.value === null,
        "aria-label": i ? s : t,
        onClick: () => e.mute(!i),
        children: a(b, { name: i ? "mute" : "volume" }),
      }),
      a(Ve, {
        "aria-label": r,
        max: 100,
        step: 1,
        value: e.volume,
        onSlide: (o) => e.elsewhere.peek() === null && e.setVolume(o),
        onSettle: (o) => e.setVolume(o),
      }),
    ],
  });
}
function Xc({ app: n }) {
  return a("section", {
    class: "player",
    "aria-label": f.player.label,
    children: [
      a("button", {
        type: "button",
        class: "now",
        "aria-haspopup": "dialog",
        title: f.player.open,
        onClick: () => n.overlays.show({ kind: "playing" }),
        children: a(Vm, { app: n }),
      }),
      a("div", {
        class: "transport",
        children: [a(Fr, { app: n }), a(Tr, { app: n })],
      }),
      a("div", {
        class: "ends",
        children: [
          a("button", {
            type: "button",
            class: "plain",
            "aria-label": f.player.queue,
            "aria-haspopup": "dialog",
            onClick: () => n.overlays.show({ kind: "playing" }),
            children: a(b, { name: "list" }),
          }),
          a(Or, { app: n }),
          a(Cr, { app: n }),
        ],
      }),
    ],
  });
}
function Vm({ app: n }) {
  let e = n.remote.shown;
  return e === null
    ? a(E, {
      children: [
        a("span", {
          class: "art",
          "aria-hidden": "true",
          children: a(b, { name: "song" }),
        }),
        a("span", {
          class: "about",
          children: [
            a("span", { class: "title", children: f.player.nothing }),
            a("span", { class: "detail", children: f.player.choose }),
          ],
        }),
      ],
    })
    : a(E, {
      children: [
        a(en, { app: n, song: e.song, size: 128 }),
        a("span", {
          class: "about",
          children: [
            a("span", {
              class: "title",
              children: a(_, { of: e.title || "\u2026" }),
            }),
            a("span", {
              class: "detail",
              children: a(oo, { app: n, artist: e.artist }),
            }),
          ],
        }),
      ],
    });
}
function oo({ app: n, artist: e }) {
  let { elsewhere: t } = n.remote,
    { value: s } = n.player.now,
    r = [],
    i = t.value && Xm(t.value);
  if (i && r.push(A(i)), t.value === null && s !== null) {
    let { is: o } = n.own.value;
    s.state === null
      ? r.push(f.player.begins)
      : (o === "buffering" || o === "silenced") && r.push(f.rooms.own[o]),
      s.own || r.push(f.player.castHere);
  }
  return a(E, {
    children: [
      e !== null && a(_, { of: e }),
      e !== null && r.length > 0 && " \xB7 ",
      r.join(" \xB7 "),
    ],
  });
}
function Xm({ problem: n, devices: e }) {
  return n ?? e.find((t) => t.problem)?.problem;
}
function en({ app: n, song: e, size: t }) {
  let s = n.library.named(e), { title: r, album: i } = K(e, s);
  return a(we, { app: n, of: s?.art ? s : null, title: i ?? r, size: t });
}
function Kc(n, e) {
  let t = f.rooms,
    { group: s, devices: r } = e,
    i = (n.groups.rows.peek() ?? []).filter((l) => l.group !== s),
    [o] = r;
  return [
    {
      label: t.choose,
      icon: "check",
      act: () => n.destination.choose({ group: s }),
    },
    {
      label: t.open,
      icon: "device",
      act: () => n.places.go({ name: "rooms", what: s }),
    },
    ...r.length > 1
      ? [{
        label: t.split,
        icon: "close",
        act: () => void n.actions.ungroup(r),
      }]
      : Jc(n, o),
    ...i.length > 0 ? [{ label: t.join }] : [],
    ...i.map((l) => ({
      label: "",
      name: l.name,
      icon: "add",
      act: () => void n.actions.group([...r, ...l.devices]),
    })),
  ];
}
function Yc(n, { devices: e }, t) {
  return [
    ...Jc(n, t),
    ...e.length > 1
      ? [{
        label: f.rooms.leave(t.name),
        icon: "close",
        act: () => void n.actions.ungroup([t]),
      }]
      : [],
  ];
}
function Jc(n, e) {
  let { muted: t, name: s, key: r } = e,
    { mute: i, unmute: o, delay: l } = f.rooms;
  return [{
    label: t ? o(s) : i(s),
    icon: t ? "volume" : "mute",
    act: () => void n.actions.mute(e, !t),
  }, {
    label: `${l}: ${e.delay} ms`,
    icon: "info",
    act: () => n.overlays.show({ kind: "delay", device: r }),
  }];
}
var ao = "application/x-ondacast-room", Km = 5e3;
function lo({ app: n, row: e }) {
  let [t, s] = G(!1),
    { group: r, name: i, state: o, song: l, devices: u } = e,
    c = n.remote.elsewhere.value?.group === r,
    h = u.every(({ away: p }) => p);
  return a("li", {
    class: `room ${c ? "chosen" : ""} ${t ? "over" : ""}`,
    onDragOver: (p) => {
      let y = p.dataTransfer?.types ?? [];
      [Ar, ao].some((k) => y.includes(k)) && (p.preventDefault(), s(!0));
    },
    onDragLeave: () => s(!1),
    onDrop: (p) => {
      s(!1), p.preventDefault(), ey(n, e, p.dataTransfer);
    },
    children: [
      a("div", {
        class: "name",
        draggable: !0,
        onDragStart: ({ dataTransfer: p }) => p?.setData(ao, r),
        children: [
          a(b, { name: "device" }),
          a("div", {
            class: "about",
            children: [
              a("h3", { children: a(_, { of: i }) }),
              a("span", {
                class: "detail does",
                children: [
                  a("span", {
                    class: `chip ${h ? "away" : o}`,
                    children: h ? f.rooms.away : f.rooms.states[o],
                  }),
                  u.length > 1 && a("span", { children: uo(Qm(u)) }),
                ],
              }),
            ],
          }),
          a(de, {
            app: n,
            label: f.rooms.more(A(i)),
            title: i,
            items: () => Kc(n, e),
          }),
        ],
      }),
      l !== null && o !== "stopped" && a(Ym, { app: n, row: e, song: l }),
      a(Zm, { row: e }),
      a("label", {
        class: "volume",
        children: [
          a(b, { name: "volume" }),
          a("span", { class: "hidden", children: f.rooms.volume(A(i)) }),
          a(Ve, {
            max: 100,
            step: 1,
            value: n.groups.volumeOf(e),
            onSettle: (p) => n.actions.setVolume(e, p),
          }),
        ],
      }),
      u.length > 1 &&
      a("ul", {
        class: "members",
        children: u.map((p) => a(Jm, { app: n, row: e, device: p }, p.key)),
      }),
    ],
  });
}
function Ym({ app: n, row: e, song: t }) {
  let { groups: s, actions: r, library: i } = n,
    { state: o, seconds: l, entry: u } = e,
    c = A(e.name),
    h = s.positionOf(e),
    m = o === "playing",
    p = K(t, i.named(t)),
    y = e.artist ?? p.artist;
  return a(E, {
    children: [
      a("div", {
        class: "plays",
        children: [
          a(en, { app: n, song: t, size: 128 }),
          a("div", {
            class: "about",
            children: [
              a("span", {
                class: "title song-name",
                children: a(_, { of: p.title }),
              }),
              y && a("span", { class: "detail", children: a(_, { of: y }) }),
            ],
          }),
          a("button", {
            type: "button",
            class: "round",
            "aria-label": m ? f.rooms.pause(c) : f.rooms.resume(c),
            onClick: () => r.control(e, { action: m ? "pause" : "resume" }),
            children: a(b, { name: m ? "pause" : "play" }),
          }),
        ],
      }),
      a("div", {
        class: "seek",
        children: [
          a("span", { class: "time", children: ge(h) }),
          l === null ? a("span", {}) : a(Ve, {
            "aria-label": f.rooms.position(c),
            "aria-valuetext": Gt(h),
            max: l,
            value: h,
            onSettle: (k) => r.control(e, { action: "seek", value: k }),
          }),
          a("span", { class: "time", children: l === null ? "" : ge(l) }),
          a("div", {
            class: "controls",
            children: [
              a("button", {
                type: "button",
                class: "plain",
                "aria-label": f.rooms.stop(c),
                onClick: () => r.control(e, { action: "stop" }),
                children: a(b, { name: "stop" }),
              }),
              a("button", {
                type: "button",
                class: "plain",
                "aria-label": f.rooms.next(c),
                onClick: () =>
                  r.control(e, {
                    action: "next",
                    ...u !== null && { entry: u },
                  }),
                children: a(b, { name: "next" }),
              }),
            ],
          }),
        ],
      }),
    ],
  });
}
function Jm({ app: n, row: e, device: t }) {
  let s = A(t.name);
  return a("li", {
    class: "member",
    children: [
      a("span", {
        class: "about",
        children: [
          a(_, { of: t.name }),
          t.away && a("span", { class: "detail", children: f.rooms.away }),
        ],
      }),
      a(Ve, {
        "aria-label": f.rooms.volume(s),
        max: 100,
        step: 1,
        value: n.groups.volumeOf(t),
        onSettle: (r) => n.actions.setVolume(t, r),
      }),
      a(de, {
        app: n,
        label: f.rooms.more(s),
        title: t.name,
        items: () => Yc(n, e, t),
      }),
    ],
  });
}
function Zm({ row: n }) {
  let e = [n.problem, ...n.devices.map(({ problem: t }) => t)].filter((t) =>
    t !== void 0
  );
  return a(E, {
    children: e.map((t) =>
      a("p", { class: "problem", children: a(_, { of: t }) }, t)
    ),
  });
}
function Qm(n) {
  return Math.max(...n.map(({ step: e }) => Math.abs(e?.errorUs ?? 0)));
}
function uo(n) {
  let e = Math.abs(n);
  return e < Km ? f.rooms.inStep : f.rooms.off(Math.round(e / 1e3));
}
function ey(n, e, t) {
  let s = t.getData(Ar);
  if (s) {
    let { title: i } = K(s, n.library.named(s));
    n.playOn(e, { songs: [s], title: i });
    return;
  }
  let r = n.groups.get(t.getData(ao));
  r === void 0 || r === e || n.actions.group([...e.devices, ...r.devices]);
}
function co({ app: n }) {
  let e = n.ownKey,
    t = (n.groups.rows.value ?? []).filter(({ devices: s }) =>
      s.length > 1 || s.some(({ key: r }) => r !== e)
    );
  return a(E, {
    children: [
      a("ul", {
        class: "rooms",
        children: [
          t.map((s) => a(lo, { app: n, row: s }, s.group)),
          a(ty, { app: n }),
        ],
      }),
      t.length === 0 &&
      a("p", {
        class: "detail wrap",
        children: [
          f.rooms.none,
          " ",
          a("code", { children: "ondacast receive" }),
          " ",
          f.rooms.noneThere,
        ],
      }),
      a(sy, { app: n }),
    ],
  });
}
function Zc({ app: n, group: e }) {
  let t = n.groups.get(e) ?? n.groups.of(e) ??
    n.groups.rows.value?.find(({ was: s }) => s === e);
  return a("section", {
    "aria-label": f.places.rooms,
    children: [
      a("div", {
        class: "section-head",
        children: a("h1", {
          children: t ? a(_, { of: t.name }) : f.places.rooms,
        }),
      }),
      t
        ? a("ul", {
          class: "rooms single",
          children: a(lo, { app: n, row: t }),
        })
        : a("p", { class: "detail", children: f.rooms.gone }),
    ],
  });
}
function ty({ app: n }) {
  let { tab: e, player: t } = n, s = n.install.value;
  return a("li", {
    class: `room me ${n.remote.elsewhere.value ? "" : "chosen"}`,
    children: [
      a("div", {
        class: "name",
        children: [
          a(b, { name: "browser" }),
          a("div", {
            class: "about",
            children: [a("h3", { children: f.rooms.this }), a(ny, { app: n })],
          }),
        ],
      }),
      a("input", {
        type: "text",
        "aria-label": f.rooms.name,
        maxLength: 64,
        value: e.name.value,
        onChange: ({ currentTarget: r }) => {
          ho(n, r.value), r.value = e.name.value;
        },
      }),
      a("label", {
        class: "switch",
        children: [
          a("input", {
            type: "checkbox",
            role: "switch",
            checked: e.receiving.value,
            onChange: ({ currentTarget: r }) => e.receive(r.checked),
            onKeyDown: (r) => {
              r.key === "Enter" && r.currentTarget.click();
            },
          }),
          a("span", { children: f.rooms.receive }),
        ],
      }),
      a("label", {
        class: "volume",
        children: [
          a(b, { name: "volume" }),
          a(Ve, {
            "aria-label": f.rooms.volume("this browser"),
            max: 100,
            step: 1,
            value: t.volume.value,
            onSlide: (r) => t.setVolume(r),
          }),
        ],
      }),
      s &&
      a("button", { type: "button", onClick: s, children: f.rooms.install }),
    ],
  });
}
function ny({ app: n }) {
  let e = n.own.value;
  return a("span", {
    class: "detail does",
    children: [
      a("span", { class: `chip ${e.is}`, children: f.rooms.own[e.is] }),
      e.is === "playing" && e.offMs !== null &&
      a("span", { children: uo(e.offMs * 1e3) }),
    ],
  });
}
function ho(n, e) {
  try {
    return n.tab.rename(Na(e.trim())), !0;
  } catch (t) {
    return Z(t), !1;
  }
}
function sy({ app: n }) {
  let e = n.devices.others.value.filter(({ receiving: t }) => !t);
  return e.length === 0 ? null : a("details", {
    class: "others",
    children: [
      a("summary", { children: f.rooms.others(e.length) }),
      a("ul", {
        children: e.map(({ key: t, name: s, state: r }) =>
          a("li", {
            class: "other",
            children: [
              a(_, { of: s }),
              " ",
              a("span", {
                class: `chip ${r.doing}`,
                children: f.rooms.states[r.doing],
              }),
              r.song !== void 0 &&
              a("p", {
                class: "detail",
                children: a(_, {
                  of: K(r.song, n.library.named(r.song)).title,
                }),
              }),
            ],
          }, t)
        ),
      }),
    ],
  });
}
function Qc({ app: n }) {
  let e = n.tab.connection.value;
  if (e.state !== "locked") return null;
  let t = f.lock;
  return a(_e, {
    title: t.title,
    children: a("form", {
      onSubmit: (s) => {
        s.preventDefault();
        let r = new FormData(s.currentTarget);
        n.tab.unlock(String(r.get("token")), r.has("remember"));
      },
      children: [
        a("p", { children: [a(b, { name: "lock" }), " ", t.explain] }),
        a("label", {
          class: "field",
          children: [
            a("span", { children: t.field }),
            a("input", {
              type: "password",
              name: "token",
              autocomplete: "current-password",
              maxLength: 1024,
              required: !0,
              autofocus: !0,
            }),
          ],
        }),
        a("label", {
          class: "check",
          children: [
            a("input", { type: "checkbox", name: "remember" }),
            a("span", { children: t.remember }),
          ],
        }),
        e.message &&
        a("p", {
          class: "problem",
          role: "alert",
          children: a(_, { of: e.message }),
        }),
        !globalThis.isSecureContext &&
        a("p", { class: "detail wrap", children: t.open }),
        a("button", { type: "submit", class: "main", children: t.enter }),
      ],
    }),
  });
}
function eh({ app: n, onClose: e }) {
  let t = f.name;
  return a(_e, {
    title: t.title,
    onClose: e,
    children: a("form", {
      onSubmit: (s) => {
        s.preventDefault();
        let r = new FormData(s.currentTarget);
        ho(n, String(r.get("name"))) && e();
      },
      children: [
        a("p", { class: "detail wrap", children: t.explain }),
        a("label", {
          class: "field",
          children: [
            a("span", { children: t.field }),
            a("input", {
              type: "text",
              name: "name",
              maxLength: 64,
              required: !0,
              autofocus: !0,
              value: n.tab.name.peek(),
            }),
          ],
        }),
        a("div", {
          class: "actions",
          children: [
            a("button", { type: "submit", class: "main", children: t.save }),
            a("button", { type: "button", onClick: e, children: t.later }),
          ],
        }),
      ],
    }),
  });
}
function th({ app: n, device: e, onClose: t }) {
  let s = n.groups.of(e)?.devices.find((i) => i.key === e);
  if (s === void 0) return null;
  let r = f.rooms;
  return a(_e, {
    title: `${r.delay}: ${s.name}`,
    onClose: t,
    children: [
      a("p", { class: "detail wrap", children: r.delayHint }),
      a("label", {
        class: "field",
        children: [
          a("span", { children: r.delayOf("") }),
          a("input", {
            type: "number",
            "aria-label": r.delayOf(s.name),
            min: "-2000",
            max: "2000",
            step: "10",
            value: s.delay,
            onChange: ({ currentTarget: i }) => {
              i.checkValidity() && n.actions.delay(s, i.valueAsNumber);
            },
          }),
        ],
      }),
      a("button", { type: "button", onClick: t, children: f.dialog.close }),
    ],
  });
}
function nh({ onClose: n }) {
  return a(_e, {
    title: f.keys.title,
    onClose: n,
    children: [
      a("dl", {
        class: "details keys",
        children: f.keys.rows.map(([e, t]) =>
          a(E, {
            children: [
              a("dt", { children: a("kbd", { children: e }) }),
              a("dd", { children: t }),
            ],
          })
        ),
      }),
      a("button", { type: "button", onClick: n, children: f.dialog.close }),
    ],
  });
}
var { orders: ry } = f.songs;
function sh({ app: n }) {
  let { library: e, shelves: { songs: t } } = n, [s, r] = G("natural");
  ke(() => {
    s !== "natural" && t.show({ sort: s });
  }, [s]);
  let i = e.songs.value;
  if (i === null) return a("p", { class: "empty", children: f.songs.loading });
  if (i.length === 0) return a(kr, { app: n });
  let o = s === "natural", l = o ? i : t.listed.value?.rows ?? [];
  return a("section", {
    "aria-label": f.places.songs,
    children: [
      a("div", {
        class: "section-head",
        children: [
          a("h1", { children: f.places.songs }),
          a("span", {
            class: "detail",
            children: f.lists.count(i.length, "song"),
          }),
          a("label", {
            children: [
              a("span", { class: "hidden", children: f.songs.order }),
              a("select", {
                value: s,
                onChange: ({ currentTarget: { value: u } }) => r(u),
                children: Object.entries(ry).map(([u, c]) =>
                  a("option", { value: u, children: c }, u)
                ),
              }),
            ],
          }),
        ],
      }),
      a(ot, {
        app: n,
        songs: l,
        label: f.places.songs,
        onPlay: ({ name: u }, c) =>
          o ? n.play(u) : n.remote.choose({
            songs: l.map(({ name: h }) => h),
            at: c,
            title: ne(u),
          }),
        onEnd: o ? void 0 : () => t.more(),
      }),
    ],
  });
}
function rh({ app: n }) {
  let { albums: e } = n.shelves;
  U(() => {
    e.show({ sort: "album" });
  }, []);
  let t = e.listed.value;
  return t?.rows.length === 0
    ? a(xe, { label: f.lists.noAlbums })
    : a("section", {
      "aria-label": f.places.albums,
      children: [
        a("div", {
          class: "section-head",
          children: [
            a("h1", { children: f.places.albums }),
            a("label", {
              children: [
                a("span", { class: "hidden", children: f.songs.order }),
                a("select", {
                  onChange: ({ currentTarget: { value: s } }) =>
                    e.show({ sort: s }),
                  children: [
                    a("option", {
                      value: "album",
                      children: f.songs.orders.title,
                    }),
                    a("option", { value: "artist", children: "By artist" }),
                    a("option", { value: "year", children: "By year" }),
                    a("option", {
                      value: "added",
                      children: f.songs.orders.added,
                    }),
                  ],
                }),
              ],
            }),
          ],
        }),
        t
          ? a(kc, {
            app: n,
            albums: t.rows,
            onEnd: () => e.more(),
          })
          : a("p", { class: "empty", children: f.lists.loading }),
      ],
    });
}
function ih({ app: n }) {
  let { artists: e } = n.shelves;
  U(() => {
    e.show({});
  }, []);
  let t = e.listed.value;
  return t?.rows.length === 0
    ? a(xe, { label: f.lists.noArtists })
    : a("section", {
      "aria-label": f.places.artists,
      children: [
        a("div", {
          class: "section-head",
          children: a("h1", { children: f.places.artists }),
        }),
        a(fo, { app: n, artists: t?.rows ?? [], onEnd: () => e.more() }),
      ],
    });
}
function fo({ app: n, artists: e, onEnd: t }) {
  return a(Dt, {
    items: e,
    label: f.places.artists,
    onEnd: t,
    children: ({ artist: s, albums: r, songs: i }, o) =>
      a(po, {
        app: n,
        place: [o, e.length],
        to: { name: "artists", what: s },
        title: s,
        detail: `${f.lists.count(r, "album")} \xB7 ${f.lists.count(i, "song")}`,
        selection: `artist:${s}`,
      }, s),
  });
}
function oh({ app: n }) {
  let { playlists: e } = n.shelves;
  U(() => {
    e.show({});
  }, []);
  let t = e.listed.value;
  if (t?.rows.length === 0) return a(xe, { label: f.lists.noPlaylists });
  let s = t?.rows ?? [];
  return a("section", {
    "aria-label": f.places.playlists,
    children: [
      a("div", {
        class: "section-head",
        children: a("h1", { children: f.places.playlists }),
      }),
      a(Dt, {
        items: s,
        label: f.places.playlists,
        children: ({ name: r, songs: i, missing: o }, l) =>
          a(po, {
            app: n,
            place: [l, s.length],
            icon: "list",
            to: { name: "playlists", what: r },
            title: ne(r),
            detail: f.lists.count(i, "song") +
              (o ? ` \xB7 ${f.lists.missing(o)}` : ""),
            selection: `playlist:${r}`,
          }, r),
      }),
    ],
  });
}
function ah({ app: n, path: e }) {
  let t = n.library.folders.value;
  if (t === null) return a("p", { class: "empty", children: f.songs.loading });
  let s = t.get(e);
  return s === void 0 ? a(xe, { label: f.lists.gone }) : a("section", {
    "aria-label": f.places.folders,
    children: [
      e === ""
        ? a("div", {
          class: "section-head",
          children: a("h1", { children: f.places.folders }),
        })
        : a(so, {
          app: n,
          kind: f.places.folders,
          title: ne(e),
          detail: f.lists.count(s.total, "song"),
          selection: `${e}/`,
        }),
      a(Dt, {
        items: s.folders,
        label: f.places.folders,
        children: (r, i) =>
          a(po, {
            app: n,
            place: [i, s.folders.length],
            icon: "folder",
            to: { name: "folders", what: r.path },
            title: ne(r.path),
            detail: f.lists.count(r.total, "song"),
            selection: `${r.path}/`,
          }, r.path),
      }),
      a(ot, {
        app: n,
        songs: s.songs,
        label: f.places.songs,
        onPlay: (r, i) =>
          n.remote.choose({
            songs: s.songs.map(({ name: o }) => o),
            at: i,
            title: ne(r.name),
          }),
      }),
    ],
  });
}
function po(
  { app: n, place: [e, t], to: s, title: r, detail: i, selection: o, icon: l },
) {
  return a("div", {
    class: "row",
    role: "listitem",
    "aria-setsize": t,
    "aria-posinset": e + 1,
    children: [
      a("a", {
        class: "whole",
        href: he(s),
        children: [
          l
            ? a("span", { class: "art plain", children: a(b, { name: l }) })
            : a(we, { app: n, of: null, title: r }),
          a("span", {
            class: "about",
            children: [
              a("span", { class: "title", children: a(_, { of: r }) }),
              a("span", { class: "detail", children: i }),
            ],
          }),
        ],
      }),
      a(de, {
        app: n,
        label: f.play.more(r),
        title: r,
        items: () => Qt(n, { songs: [o], title: r }),
      }),
    ],
  });
}
function lh({ count: n, onMore: e }) {
  let t = J(null);
  return U(() => {
    let s = new IntersectionObserver(([{ isIntersecting: r }]) => r && e(), {
      rootMargin: "600px",
    });
    return s.observe(t.current), () => s.disconnect();
  }, [n]),
    a("p", { ref: t, class: "empty", children: f.lists.loading });
}
var mo = "application/x-ondacast-entry";
function uh({ app: n }) {
  let { queue: e, remote: t } = n, s = t.group.value?.group ?? null;
  U(() => (e.show(s), () => e.show(null)), [s]);
  let r = e.page.value,
    i = r?.entries ?? [],
    o = i.findIndex(({ entry: u }) => u === r?.playing),
    l = i.slice(Math.max(0, o));
  return a("section", {
    class: "queue",
    "aria-label": f.player.queue,
    children: [
      a("div", {
        class: "section-head",
        children: [
          a("h2", { children: f.queue.title }),
          l.length > 1 && a("button", {
            type: "button",
            onClick: () => e.clear(),
            children: f.queue.clear,
          }),
        ],
      }),
      l.length === 0 && a("p", { class: "detail", children: f.queue.empty }),
      a("ol", {
        "aria-description": f.queue.keys,
        children: l.map((u) =>
          a(
            iy,
            { app: n, row: u, all: l, isHere: u.entry === r?.playing },
            u.entry,
          )
        ),
      }),
      r?.hasMore && a(lh, { count: i.length, onMore: () => e.more() }),
    ],
  });
}
function iy(n) {
  let { app: e, row: t, isHere: s } = n,
    [r, i] = G(!1),
    { entry: o, song: l, seconds: u } = t,
    c = t.problem === void 0 ? t.artist : Sr(t),
    h = e.library.named(l),
    m = h ? K(l, h).title : t.title,
    p = A(m);
  return a("li", {
    class: `entry ${s ? "here" : ""} ${r ? "over" : ""}`,
    "aria-current": s,
    draggable: !0,
    onDragStart: ({ dataTransfer: y }) => y?.setData(mo, String(o)),
    onDragOver: (y) => {
      y.dataTransfer?.types.includes(mo) && (y.preventDefault(), i(!0));
    },
    onDragLeave: () => i(!1),
    onDrop: (y) => {
      i(!1);
      let k = Number(y.dataTransfer?.getData(mo));
      !k || k === o || (y.preventDefault(), e.queue.move([k], o));
    },
    onKeyDown: (y) => {
      let k = oy(n)[`${y.altKey ? "Alt+" : ""}${y.key}`];
      k !== void 0 && (y.preventDefault(), k());
    },
    children: [
      a("button", {
        type: "button",
        class: "whole",
        "aria-label": f.queue.jump(p),
        "aria-keyshortcuts": "Alt+ArrowUp Alt+ArrowDown Delete",
        onClick: () => {
          let y = e.remote.group.peek();
          y && e.actions.control(y, { action: "jump", value: o });
        },
        children: a("span", {
          class: "about",
          children: [
            a("span", { class: "title", children: a(_, { of: m }) }),
            c !== void 0 &&
            a("span", { class: "detail", children: a(_, { of: c }) }),
          ],
        }),
      }),
      a("span", { class: "time", children: u === null ? "" : ge(u) }),
      a(de, { app: e, label: f.queue.more(p), title: m, items: () => ay(n) }),
    ],
  });
}
function ch({ app: n, row: e, all: t, isHere: s }) {
  let { queue: r } = n,
    i = t.findIndex(({ entry: l }) => l === e.entry),
    o = (l) => () => r.move([e.entry], l?.entry);
  return {
    top: i > 1 && !s ? o(t[1]) : void 0,
    up: i > 1 ? o(t[i - 1]) : void 0,
    down: i >= 0 && i + 1 < t.length && !s ? o(t[i + 2]) : void 0,
    last: i + 1 < t.length && !s ? o(void 0) : void 0,
    remove: () => r.remove([e.entry]),
  };
}
function oy(n) {
  let { up: e, down: t, remove: s } = ch(n);
  return { "Alt+ArrowUp": e, "Alt+ArrowDown": t, Delete: s };
}
function ay(n) {
  let e = ch(n), t = f.queue;
  return ["top", "up", "down", "last", "remove"].filter((s) => e[s] !== void 0)
    .map((s) => ({ label: t[s], act: e[s] }));
}
function hh({ app: n, onClose: e }) {
  let [t, s] = G(!1),
    r = f.player,
    i = n.remote.shown,
    o = i && n.library.named(i.song);
  return a(_e, {
    title: r.label,
    kind: "playing",
    onClose: e,
    isBare: !0,
    children: [
      a("div", {
        class: "top",
        children: [
          a("button", {
            type: "button",
            class: "plain",
            "aria-label": r.close,
            onClick: e,
            children: a(b, { name: "down" }),
          }),
          a(Or, { app: n }),
          o
            ? a(de, {
              app: n,
              label: f.play.more(A(i.title)),
              title: i.title,
              items: () => Er(n, o),
            })
            : a("span", { class: "gap" }),
        ],
      }),
      a("div", {
        class: "stage",
        children: [
          i ? a(en, { app: n, song: i.song, size: 512 }) : a("span", {
            class: "art",
            "aria-hidden": "true",
            children: a(b, { name: "song" }),
          }),
          a("div", {
            class: "about",
            children: [
              a("span", {
                class: "title",
                children: i ? a(_, { of: i.title }) : r.nothing,
              }),
              a("span", {
                class: "detail",
                children: i ? a(oo, { app: n, artist: i.artist }) : r.choose,
              }),
            ],
          }),
          a(Tr, { app: n }),
          a(Fr, { app: n }),
          a("div", {
            class: "below",
            children: [
              a(Cr, { app: n }),
              a("button", {
                type: "button",
                class: "plain",
                "aria-label": r.details,
                "aria-expanded": t,
                onClick: () => s(!t),
                children: a(b, { name: "info" }),
              }),
            ],
          }),
          t && a(ly, { app: n }),
        ],
      }),
      a(uh, { app: n }),
    ],
  });
}
function ly({ app: n }) {
  let { player: e, remote: t, library: s } = n,
    r = f.player,
    i = t.elsewhere.value === null ? e.now.value?.state ?? null : null,
    o = t.song.value,
    l = i?.format ?? (o && s.named(o)?.format) ?? null,
    u = [
      [r.format, l ? da(l) : "\u2013"],
      ...i
        ? [[r.buffer, `${i.bufferedSeconds.toFixed(1)} s`], [
          r.gaps,
          String(i.underruns),
        ], [r.rate, `${bt(e.dataRate.perSecond.value)}/s`]]
        : [],
    ];
  return a("dl", {
    class: "details",
    children: u.map(([c, h]) =>
      a(E, { children: [a("dt", { children: c }), a("dd", { children: h })] })
    ),
  });
}
function fh({ app: n }) {
  return a(E, {
    children: n.overlays.open.value.map((e, t) =>
      a(uy, { app: n, overlay: e }, t)
    ),
  });
}
function uy({ app: n, overlay: e }) {
  let t = { app: n, onClose: () => n.overlays.close(e) };
  switch (e.kind) {
    case "output":
      return a(Gc, { ...t });
    case "playOn":
      return a(qc, { ...t, choice: e.choice });
    case "playing":
      return a(hh, { ...t });
    case "menu":
      return a(Nc, { menu: e, onClose: t.onClose });
    case "delay":
      return a(th, { ...t, device: e.device });
    case "name":
      return a(eh, { ...t });
    case "keys":
      return a(nh, { onClose: t.onClose });
  }
}
var cy = 4;
function ph({ app: n }) {
  let { library: e, found: t } = n, s = e.search.value;
  U(() => {
    if (s === "") return t.forget();
    let u = setTimeout(() => {
      t.albums.replace({ match: s }),
        t.artists.replace({ match: s }),
        t.songs.replace({ match: s, sort: "natural" });
    }, 150);
    return () => clearTimeout(u);
  }, [s]);
  let r = t.songs.listed.value,
    i = r?.rows ?? [],
    o = t.albums.listed.value?.rows ?? [],
    l = t.artists.listed.value?.rows ?? [];
  return s === ""
    ? a(xe, {
      label: f.search.start,
      children: a("p", { class: "detail", children: f.search.startDetail }),
    })
    : a(E, {
      children: [
        l.length > 0 &&
        a(ze, {
          title: f.places.artists,
          children: a(fo, { app: n, artists: l.slice(0, cy) }),
        }),
        o.length > 0 &&
        a(ze, {
          title: f.places.albums,
          children: a(wr, { app: n, albums: o }),
        }),
        i.length > 0
          ? a(ze, {
            title: f.places.songs,
            children: a(ot, {
              app: n,
              songs: i,
              label: f.places.songs,
              onPlay: ({ name: u }) => n.play(u, i),
              onEnd: () => t.songs.more(),
            }),
          })
          : o.length + l.length === 0 && r !== null &&
            a(xe, { label: f.songs.notFound(r.query.match ?? "") }),
      ],
    });
}
var nn = [
  { name: "albums", icon: "album" },
  { name: "artists", icon: "artist" },
  { name: "songs", icon: "song" },
  { name: "playlists", icon: "list" },
  { name: "folders", icon: "folder" },
];
function mh({ app: n }) {
  let { name: e } = n.places.now.value, t = nn.some((s) => s.name === e);
  return a("nav", {
    class: "ways",
    "aria-label": "Ondacast",
    children: [
      a("a", {
        class: "brand",
        href: "#/",
        tabIndex: -1,
        "aria-hidden": "true",
        children: [
          a("img", { src: "/icon.svg", alt: "", width: "28", height: "28" }),
          a("span", { children: "Ondacast" }),
        ],
      }),
      a(tn, { way: { name: "home", icon: "home" }, at: e }),
      a("h2", { class: "desk", children: f.places.library }),
      nn.map((s) => a(tn, { way: { ...s, on: "desk" }, at: e }, s.name)),
      a(tn, {
        way: {
          name: "albums",
          icon: "album",
          on: "phone",
          label: f.places.library,
        },
        at: t ? "albums" : e,
      }),
      a(tn, { way: { name: "search", icon: "search" }, at: e }),
      a(tn, { way: { name: "rooms", icon: "device" }, at: e }),
    ],
  });
}
function yh({ app: n }) {
  let { name: e } = n.places.now.value;
  return a("nav", {
    class: "tabs",
    "aria-label": f.places.library,
    children: nn.map((t) =>
      a("a", {
        href: he({ name: t.name, what: "" }),
        "aria-current": t.name === e ? "page" : void 0,
        onFocus: ({ currentTarget: s }) => dh(s),
        ref: (s) => {
          t.name === e && s && dh(s);
        },
        children: f.places[t.name],
      }, t.name)
    ),
  });
}
function dh(n) {
  let e = n.parentElement;
  e.scrollLeft = n.offsetLeft - (e.clientWidth - n.clientWidth) / 2;
}
function tn({ way: n, at: e }) {
  let { name: t, icon: s, on: r = "", label: i = f.places[t] } = n;
  return a("a", {
    class: r,
    href: he({ name: t, what: "" }),
    "aria-current": t === e ? "page" : void 0,
    children: [a(b, { name: s }), a("span", { children: i })],
  });
}
function gh({ app: n }) {
  return a(E, {
    children: [
      a(hy, { app: n }),
      a(my, { app: n }),
      a(py, { app: n }),
      n.places.now.value.name !== "rooms" &&
      a("aside", {
        class: "rooms-side",
        "aria-label": f.places.rooms,
        children: [a("h2", { children: f.places.rooms }), a(co, { app: n })],
      }),
      a(Xc, { app: n }),
      a(mh, { app: n }),
      a(yy, {}),
      a(fh, { app: n }),
      a(Qc, { app: n }),
      a(Dc, { app: n }),
    ],
  });
}
function hy({ app: n }) {
  let e = n.isReadOnly.value;
  return a("header", {
    children: [
      a("label", {
        class: "search",
        children: [
          a(b, { name: "search" }),
          a("span", { class: "hidden", children: f.search.label }),
          a("input", {
            type: "search",
            placeholder: f.search.hint,
            value: n.library.search.value,
            onFocus: () => n.library.recheck(),
            onInput: ({ currentTarget: t }) => n.search(t.value),
          }),
        ],
      }),
      a(dy, { app: n }),
      !e && a(_r, { app: n }),
    ],
  });
}
var fy = {
  home: (n) => a(Ic, { app: n }),
  songs: (n) => a(sh, { app: n }),
  albums: (n, e) => e ? a($c, { app: n, albumKey: e }, e) : a(rh, { app: n }),
  artists: (n, e) => e ? a(Bc, { app: n, artist: e }, e) : a(ih, { app: n }),
  playlists: (n, e) => e ? a(jc, { app: n, name: e }, e) : a(oh, { app: n }),
  folders: (n, e) => a(ah, { app: n, path: e }),
  search: (n) => a(ph, { app: n }),
  rooms: (n, e) =>
    e ? a(Zc, { app: n, group: e }) : a("section", {
      "aria-label": f.places.rooms,
      children: [
        a("div", {
          class: "section-head",
          children: a("h1", { children: f.places.rooms }),
        }),
        a(co, { app: n }),
      ],
    }),
};
function py({ app: n }) {
  let { name: e, what: t } = n.places.now.value, s = J(null), r = J(!0);
  ke(() => {
    let o = document.activeElement instanceof HTMLInputElement;
    !r.current && !o && s.current.focus({ preventScroll: !0 }), r.current = !1;
  }, [e, t]);
  let i = t === "" && nn.some((o) => o.name === e);
  return a("main", {
    ref: s,
    tabIndex: -1,
    class: `shows-${e}`,
    children: [a(Cc, { app: n }), i && a(yh, { app: n }), fy[e](n, t)],
  });
}
function dy({ app: n }) {
  let { tab: e, devices: t } = n, { state: s } = e.connection.value;
  return a("p", {
    class: `status ${s}`,
    role: "status",
    children: [
      a("span", { class: "dot", "aria-hidden": "true" }),
      a("span", {
        children: s === "online"
          ? a(E, {
            children: [
              a(_, { of: e.welcome.value?.server ?? "" }),
              f.status.counts(t.total.value, t.listeners.value),
            ],
          })
          : f.status[s],
      }),
    ],
  });
}
function my({ app: n }) {
  let { tab: e } = n, t = e.connection.value;
  return t.state === "ended"
    ? a("p", {
      class: "banner",
      role: "alert",
      children: [
        a(_, { of: t.message }),
        " ",
        a("button", {
          type: "button",
          onClick: () => location.reload(),
          children: f.banner.again,
        }),
      ],
    })
    : !e.silenced.value || n.player.song.value === null
    ? null
    : a("p", {
      class: "banner",
      role: "alert",
      children: [
        f.banner.silent,
        " ",
        a("button", {
          type: "button",
          onClick: () => e.touched(),
          children: f.banner.sound,
        }),
      ],
    });
}
function yy() {
  return a("div", {
    class: "notices",
    role: "status",
    children: Ze.value.map((n) =>
      a("p", {
        children: [
          a(xc, { words: n.words }),
          n.action && a("button", {
            type: "button",
            onClick: () => {
              Yr(n), n.action.act();
            },
            children: n.action.label,
          }),
          a("button", {
            type: "button",
            class: "plain",
            "aria-label": f.dialog.dismiss,
            onClick: () => Yr(n),
            children: a(b, { name: "close" }),
          }),
        ],
      }, n.id)
    ),
  });
}
var yo = new vr();
Ro(a(gh, { app: yo }), document.getElementById("page"));
Io();
var { player: vh, remote: Rt, overlays: gy } = yo;
Lo((n) => ye(() => n(vh.song.value !== null && !vh.paused.value)));
Po({
  " ": () => yo.toggle(),
  n: () => Rt.song.peek() !== null && Rt.next(),
  p: () => Rt.song.peek() !== null && Rt.previous(),
  m: () => Rt.mute(!Rt.isMuted),
  "/": () => document.querySelector("[type=search]")?.focus(),
  "?": () => gy.show({ kind: "keys" }),
});
