var sn,
  C,
  ao,
  Dr,
  Ue,
  so,
  lo,
  uo,
  Cr,
  Zt,
  At,
  co,
  Ir,
  Fr,
  Nr,
  Dc,
  en = {},
  tn = [],
  Ic = /acit|ex(?:s|g|n|p|$)|rph|grid|ows|mnc|ntw|ine[ch]|zoo|^ord|itera/i,
  rn = Array.isArray;
function Fe(n, e) {
  for (var t in e) n[t] = e[t];
  return n;
}
function Rr(n) {
  n && n.parentNode && n.parentNode.removeChild(n);
}
function Lr(n, e, t) {
  var s, r, i, o = {};
  for (i in e) i == "key" ? s = e[i] : i == "ref" ? r = e[i] : o[i] = e[i];
  if (
    arguments.length > 2 &&
    (o.children = arguments.length > 3 ? sn.call(arguments, 2) : t),
      typeof n == "function" && n.defaultProps != null
  ) { for (i in n.defaultProps) o[i] === void 0 && (o[i] = n.defaultProps[i]); }
  return Qt(n, o, s, r, null);
}
function Qt(n, e, t, s, r) {
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
    __v: r ?? ++ao,
    __i: -1,
    __u: 0,
  };
  return r == null && C.vnode != null && C.vnode(i), i;
}
function k(n) {
  return n.children;
}
function nt(n, e) {
  this.props = n, this.context = e;
}
function Ge(n, e) {
  if (e == null) return n.__ ? Ge(n.__, n.__i + 1) : null;
  for (var t; e < n.__k.length; e++) {
    if ((t = n.__k[e]) != null && t.__e != null) return t.__e;
  }
  return typeof n.type == "function" ? Ge(n) : null;
}
function Rc(n) {
  if (n.__P && n.__d) {
    var e = n.__v, t = e.__e, s = [], r = [], i = Fe({}, e);
    i.__v = e.__v + 1,
      C.vnode && C.vnode(i),
      Pr(
        n.__P,
        i,
        e,
        n.__n,
        n.__P.namespaceURI,
        32 & e.__u ? [t] : null,
        s,
        t ?? Ge(e),
        !!(32 & e.__u),
        r,
      ),
      i.__v = e.__v,
      i.__.__k[i.__i] = i,
      yo(s, i, r),
      e.__e = e.__ = null,
      i.__e != t && ho(i);
  }
}
function ho(n) {
  if ((n = n.__) != null && n.__c != null) {
    return n.__e = n.__c.base = null,
      n.__k.some(function (e) {
        if (e != null && e.__e != null) return n.__e = n.__c.base = e.__e;
      }),
      ho(n);
  }
}
function ro(n) {
  (!n.__d && (n.__d = !0) && Ue.push(n) && !nn.__r++ ||
    so != C.debounceRendering) && ((so = C.debounceRendering) || lo)(nn);
}
function nn() {
  try {
    for (var n, e = 1; Ue.length;) {
      Ue.length > e && Ue.sort(uo), n = Ue.shift(), e = Ue.length, Rc(n);
    }
  } finally {
    Ue.length = nn.__r = 0;
  }
}
function fo(n, e, t, s, r, i, o, l, u, c, f) {
  var d, p, m, b, D, w, O = s && s.__k || tn, E = e.length;
  for (u = Lc(t, e, O, u, E), d = 0; d < E; d++) {
    (m = t.__k[d]) != null &&
      (p = m.__i != -1 && O[m.__i] || en,
        m.__i = d,
        w = Pr(n, m, p, r, i, o, l, u, c, f),
        b = m.__e,
        m.ref && p.ref != m.ref &&
        (p.ref && Ur(p.ref, null, m), f.push(m.ref, m.__c || b, m)),
        D == null && b != null && (D = b),
        4 & m.__u
          ? (u = po(m, u, n), p.__e && (p.__e = null))
          : typeof m.type == "function" && w !== void 0
          ? u = w
          : b && (u = b.nextSibling),
        m.__u &= -7);
  }
  return t.__e = D, u;
}
function Lc(n, e, t, s, r) {
  var i, o, l, u, c, f = t.length, d = f, p = 0;
  for (n.__k = new Array(r), i = 0; i < r; i++) {
    (o = e[i]) != null && typeof o != "boolean" && typeof o != "function"
      ? (typeof o == "string" || typeof o == "number" || typeof o == "bigint" ||
          o.constructor == String
        ? o = n.__k[i] = Qt(null, o, null, null, null)
        : rn(o)
        ? o = n.__k[i] = Qt(k, { children: o }, null, null, null)
        : o.constructor === void 0 && o.__b > 0
        ? o = n.__k[i] = Qt(o.type, o.props, o.key, o.ref ? o.ref : null, o.__v)
        : n.__k[i] = o,
        u = i + p,
        o.__ = n,
        o.__b = n.__b + 1,
        l = null,
        (c = o.__i = Pc(o, t, u, d)) != -1 && (d--, (l = t[c]) && (l.__u |= 2)),
        l == null || l.__v == null
          ? (c == -1 && (r > f ? p-- : r < f && p++),
            typeof o.type != "function" && (o.__u |= 4))
          : c != u &&
            (c == u - 1
              ? p--
              : c == u + 1
              ? p++
              : (c > u ? p-- : p++, o.__u |= 4)))
      : n.__k[i] = null;
  }
  if (d) {
    for (i = 0; i < f; i++) {
      (l = t[i]) != null && (2 & l.__u) == 0 &&
        (l.__e == s && (s = Ge(l)), go(l, l));
    }
  }
  return s;
}
function po(n, e, t) {
  var s, r;
  if (typeof n.type == "function") {
    for (s = n.__k, r = 0; s && r < s.length; r++) {
      s[r] && (s[r].__ = n, e = po(s[r], e, t));
    }
    return e;
  }
  n.__e != e &&
    (e && n.type && !e.parentNode && (e = Ge(n)),
      e = t.insertBefore(n.__e, e || null));
  do e = e && e.nextSibling; while (e != null && e.nodeType == 8);
  return e;
}
function Pc(n, e, t, s) {
  var r,
    i,
    o,
    l = n.key,
    u = n.type,
    c = e[t],
    f = c != null && (2 & c.__u) == 0;
  if (c === null && l == null || f && l == c.key && u == c.type) return t;
  if (s > (f ? 1 : 0)) {
    for (r = t - 1, i = t + 1; r >= 0 || i < e.length;) {
      if (
        (c = e[o = r >= 0 ? r-- : i++]) != null && (2 & c.__u) == 0 &&
        l == c.key && u == c.type
      ) return o;
    }
  }
  return -1;
}
function io(n, e, t) {
  e[0] == "-"
    ? n.setProperty(e, t ?? "")
    : n[e] = t == null ? "" : typeof t != "number" || Ic.test(e) ? t : t + "px";
}
function Jt(n, e, t, s, r) {
  var i, o;
  e: if (e == "style") {
    if (typeof t == "string") n.style.cssText = t;
    else {
      if (typeof s == "string" && (n.style.cssText = s = ""), s) {
        for (e in s) t && e in t || io(n.style, e, "");
      }
      if (t) { for (e in t) s && t[e] == s[e] || io(n.style, e, t[e]); }
    }
  } else if (e[0] == "o" && e[1] == "n") {
    i = e != (e = e.replace(co, "$1")),
      o = e.toLowerCase(),
      e = o in n || e == "onFocusOut" || e == "onFocusIn"
        ? o.slice(2)
        : e.slice(2),
      n.l || (n.l = {}),
      n.l[e + i] = t,
      t
        ? s
          ? t[At] = s[At]
          : (t[At] = Ir, n.addEventListener(e, i ? Nr : Fr, i))
        : n.removeEventListener(e, i ? Nr : Fr, i);
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
function oo(n) {
  return function (e) {
    if (this.l) {
      var t = this.l[e.type + n];
      if (e[Zt] == null) e[Zt] = Ir++;
      else if (e[Zt] < t[At]) return;
      return t(C.event ? C.event(e) : e);
    }
  };
}
function Pr(n, e, t, s, r, i, o, l, u, c) {
  var f, d, p, m, b, D, w, O, E, B, re, Ce, qe, tt, We, K, ne = e.type;
  if (e.constructor !== void 0) return null;
  128 & t.__u && (u = !!(32 & t.__u), i = [l = e.__e = t.__e]),
    (f = C.__b) && f(e);
  e: if (typeof ne == "function") {
    d = o.length;
    try {
      if (
        E = e.props,
          B = ne.prototype && ne.prototype.render,
          re = (f = ne.contextType) && s[f.__c],
          Ce = f ? re ? re.props.value : f.__ : s,
          t.__c
            ? O = (p = e.__c = t.__c).__ = p.__E
            : (B
              ? e.__c = p = new ne(E, Ce)
              : (e.__c = p = new nt(E, Ce), p.constructor = ne, p.render = $c),
              re && re.sub(p),
              p.state || (p.state = {}),
              p.__n = s,
              m = p.__d = !0,
              p.__h = [],
              p._sb = []),
          B && p.__s == null && (p.__s = p.state),
          B && ne.getDerivedStateFromProps != null &&
          (p.__s == p.state && (p.__s = Fe({}, p.__s)),
            Fe(p.__s, ne.getDerivedStateFromProps(E, p.__s))),
          b = p.props,
          D = p.state,
          p.__v = e,
          m
      ) {
        B && ne.getDerivedStateFromProps == null &&
        p.componentWillMount != null && p.componentWillMount(),
          B && p.componentDidMount != null && p.__h.push(p.componentDidMount);
      } else {
        if (
          B && ne.getDerivedStateFromProps == null && E !== b &&
          p.componentWillReceiveProps != null &&
          p.componentWillReceiveProps(E, Ce),
            e.__v == t.__v ||
            !p.__e && p.shouldComponentUpdate != null &&
              p.shouldComponentUpdate(E, p.__s, Ce) === !1
        ) {
          e.__v != t.__v && (p.props = E, p.state = p.__s, p.__d = !1),
            e.__e = t.__e,
            e.__k = t.__k,
            e.__k.some(function (ke) {
              ke && (ke.__ = e);
            }),
            tn.push.apply(p.__h, p._sb),
            p._sb = [],
            p.__h.length && o.push(p),
            l = Ge(t);
          break e;
        }
        p.componentWillUpdate != null && p.componentWillUpdate(E, p.__s, Ce),
          B && p.componentDidUpdate != null && p.__h.push(function () {
            p.componentDidUpdate(b, D, w);
          });
      }
      if (
        p.context = Ce,
          p.props = E,
          p.__P = n,
          p.__e = !1,
          qe = C.__r,
          tt = 0,
          B
      ) {
        p.state = p.__s,
          p.__d = !1,
          qe && qe(e),
          f = p.render(p.props, p.state, p.context),
          tn.push.apply(p.__h, p._sb),
          p._sb = [];
      } else {do p.__d = !1,
          qe && qe(e),
          f = p.render(p.props, p.state, p.context),
          p.state = p.__s; while (p.__d && ++tt < 25);}
      p.state = p.__s,
        p.getChildContext != null && (s = Fe(Fe({}, s), p.getChildContext())),
        B && !m && p.getSnapshotBeforeUpdate != null &&
        (w = p.getSnapshotBeforeUpdate(b, D)),
        We = f != null && f.type === k && f.key == null
          ? vo(f.props.children)
          : f,
        l = fo(n, rn(We) ? We : [We], e, t, s, r, i, o, l, u, c),
        p.base = e.__e,
        e.__u &= -161,
        p.__h.length && o.push(p),
        O && (p.__E = p.__ = null);
    } catch (ke) {
      if (o.length = d, e.__v = null, u || i != null) {
        if (ke.then) {
          for (
            e.__u |= u ? 160 : 128;
            l && l.nodeType == 8 && l.nextSibling;
          ) l = l.nextSibling;
          i != null && (i[i.indexOf(l)] = null), e.__e = l;
        } else if (i != null) { for (K = i.length; K--;) Rr(i[K]); }
      } else e.__e = t.__e;
      e.__k == null && (e.__k = t.__k || []), ke.then || mo(e), C.__e(ke, e, t);
    }
  } else {i == null && e.__v == t.__v
      ? (e.__k = t.__k, e.__e = t.__e)
      : l = e.__e = Uc(t.__e, e, t, s, r, i, o, u, c);}
  return (f = C.diffed) && f(e), 128 & e.__u ? void 0 : l;
}
function mo(n) {
  n && (n.__c && (n.__c.__e = !0), n.__k && n.__k.some(mo));
}
function yo(n, e, t) {
  for (var s = 0; s < t.length; s++) Ur(t[s], t[++s], t[++s]);
  C.__c && C.__c(e, n),
    n.some(function (r) {
      try {
        n = r.__h,
          r.__h = [],
          n.some(function (i) {
            i.call(r);
          });
      } catch (i) {
        C.__e(i, r.__v);
      }
    });
}
function vo(n) {
  return typeof n != "object" || n == null || n.__b > 0
    ? n
    : rn(n)
    ? n.map(vo)
    : n.constructor !== void 0
    ? null
    : Fe({}, n);
}
function Uc(n, e, t, s, r, i, o, l, u) {
  var c, f, d, p, m, b, D, w = t.props || en, O = e.props, E = e.type;
  if (
    E == "svg"
      ? r = "http://www.w3.org/2000/svg"
      : E == "math"
      ? r = "http://www.w3.org/1998/Math/MathML"
      : r || (r = "http://www.w3.org/1999/xhtml"), i != null
  ) {
    for (c = 0; c < i.length; c++) {
      if (
        (m = i[c]) && "setAttribute" in m == !!E &&
        (E ? m.localName == E : m.nodeType == 3)
      ) {
        n = m, i[c] = null;
        break;
      }
    }
  }
  if (n == null) {
    if (E == null) return document.createTextNode(O);
    n = document.createElementNS(r, E, O.is && O),
      l && (C.__m && C.__m(e, i), l = !1),
      i = null;
  }
  if (E == null) w === O || l && n.data == O || (n.data = O);
  else {
    if (
      i = E == "textarea" && O.defaultValue != null
        ? null
        : i && sn.call(n.childNodes), !l && i != null
    ) {
      for (
        w = {}, c = 0;
        c < n.attributes.length;
        c++
      ) w[(m = n.attributes[c]).name] = m.value;
    }
    for (c in w) {
      m = w[c],
        c == "dangerouslySetInnerHTML"
          ? d = m
          : c == "children" || c in O || c == "value" && "defaultValue" in O ||
            c == "checked" && "defaultChecked" in O || Jt(n, c, null, m, r);
    }
    for (c in O) {
      m = O[c],
        c == "children"
          ? p = m
          : c == "dangerouslySetInnerHTML"
          ? f = m
          : c == "value"
          ? b = m
          : c == "checked"
          ? D = m
          : l && typeof m != "function" || w[c] === m || Jt(n, c, m, w[c], r);
    }
    if (f) {
      l || d && (f.__html == d.__html || f.__html == n.innerHTML) ||
      (n.innerHTML = f.__html), e.__k = [];
    } else if (
      d && (n.innerHTML = ""),
        fo(
          e.type == "template" ? n.content : n,
          rn(p) ? p : [p],
          e,
          t,
          s,
          E == "foreignObject" ? "http://www.w3.org/1999/xhtml" : r,
          i,
          o,
          i ? i[0] : t.__k && Ge(t, 0),
          l,
          u,
        ),
        i != null
    ) { for (c = i.length; c--;) Rr(i[c]); }
    l && E != "textarea" ||
      (c = "value",
        E == "progress" && b == null ? n.removeAttribute("value") : b != null &&
          (b !== n[c] || E == "progress" && !b || E == "option" && b != w[c]) &&
          Jt(n, c, b, w[c], r),
        c = "checked",
        D != null && D != n[c] && Jt(n, c, D, w[c], r));
  }
  return n;
}
function Ur(n, e, t) {
  try {
    if (typeof n == "function") {
      var s = typeof n.__u == "function";
      s && n.__u(), s && e == null || (n.__u = n(e));
    } else n.current = e;
  } catch (r) {
    C.__e(r, t);
  }
}
function go(n, e, t) {
  var s, r;
  if (
    C.unmount && C.unmount(n),
      (s = n.ref) && (s.current && s.current != n.__e || Ur(s, null, e)),
      (s = n.__c) != null
  ) {
    if (s.componentWillUnmount) {
      try {
        s.componentWillUnmount();
      } catch (i) {
        C.__e(i, e);
      }
    }
    s.base = s.__P = s.__n = null;
  }
  if (s = n.__k) {
    for (r = 0; r < s.length; r++) {
      s[r] && go(s[r], e, t || typeof n.type != "function");
    }
  }
  t || Rr(n.__e), n.__c = n.__ = n.__e = void 0;
}
function $c(n, e, t) {
  return this.constructor(n, t);
}
function wo(n, e, t) {
  var s, r, i, o;
  e == document && (e = document.documentElement),
    C.__ && C.__(n, e),
    r = (s = typeof t == "function") ? null : t && t.__k || e.__k,
    i = [],
    o = [],
    Pr(
      e,
      n = (!s && t || e).__k = Lr(k, null, [n]),
      r || en,
      en,
      e.namespaceURI,
      !s && t ? [t] : r ? null : e.firstChild ? sn.call(e.childNodes) : null,
      i,
      !s && t ? t : r ? r.__e : e.firstChild,
      s,
      o,
    ),
    yo(i, n, o),
    n.props.children = null;
}
sn = tn.slice,
  C = {
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
  ao = 0,
  Dr = function (n) {
    return n != null && n.constructor === void 0;
  },
  nt.prototype.setState = function (n, e) {
    var t;
    t = this.__s != null && this.__s != this.state
      ? this.__s
      : this.__s = Fe({}, this.state),
      typeof n == "function" && (n = n(Fe({}, t), this.props)),
      n && Fe(t, n),
      n != null && this.__v && (e && this._sb.push(e), ro(this));
  },
  nt.prototype.forceUpdate = function (n) {
    this.__v && (this.__e = !0, n && this.__h.push(n), ro(this));
  },
  nt.prototype.render = k,
  Ue = [],
  lo = typeof Promise == "function"
    ? Promise.prototype.then.bind(Promise.resolve())
    : setTimeout,
  uo = function (n, e) {
    return n.__v.__b - e.__v.__b;
  },
  nn.__r = 0,
  Cr = Math.random().toString(8),
  Zt = "__d" + Cr,
  At = "__a" + Cr,
  co = /(PointerCapture)$|Capture$/i,
  Ir = 0,
  Fr = oo(!1),
  Nr = oo(!0),
  Dc = 0;
var jc = 0, _d = Array.isArray;
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
    __v: --jc,
    __i: -1,
    __u: 0,
    __source: r,
    __self: i,
  };
  if (typeof n == "function" && (o = n.defaultProps)) {
    for (l in o) u[l] === void 0 && (u[l] = o[l]);
  }
  return C.vnode && C.vnode(c), c;
}
function bo() {
  addEventListener("load", () => {
    navigator.serviceWorker?.register("/service_worker.js", {
      updateViaCache: "none",
    }).catch(() => {});
  });
}
var Bc = ["button", "checkbox", "file", "radio", "range"];
function _o(n) {
  document.addEventListener("keydown", (e) => {
    !Object.hasOwn(n, e.key) || !xo(e) ||
      (e.preventDefault(), e.repeat || n[e.key]());
  }),
    document.addEventListener("keyup", (e) => {
      e.key === " " && xo(e) && e.preventDefault();
    });
}
function xo(n) {
  let { target: e, altKey: t, ctrlKey: s, metaKey: r, isComposing: i } = n;
  return t || s || r || i
    ? !1
    : e instanceof HTMLElement
    ? document.querySelector("dialog[open]") ||
        n.key === " " && e.matches(".pick")
      ? !1
      : e instanceof HTMLInputElement
      ? Bc.includes(e.type)
      : !e.isContentEditable && !(e instanceof HTMLTextAreaElement) &&
        !(e instanceof HTMLSelectElement)
    : !0;
}
function ko(n) {
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
function Eo() {
  return navigator.standalone === !1;
}
function So(n) {
  addEventListener("beforeinstallprompt", (e) => {
    e.preventDefault(),
      n(() => {
        n(null), e.prompt();
      });
  }), addEventListener("appinstalled", () => n(null));
}
function Ao({ may: n }, e) {
  return n === void 0 || n.includes(e);
}
var Mo = "ondacast.", $r = new Map();
function ue(n) {
  if ($r.has(n)) return $r.get(n);
  try {
    return localStorage.getItem(Mo + n);
  } catch {
    return null;
  }
}
function pe(n, e, t = !0) {
  if ($r.set(n, e), !!t) {
    try {
      localStorage.setItem(Mo + n, e);
    } catch {}
  }
}
var st,
  q,
  jr,
  Oo,
  an = 0,
  Lo = [],
  G = C,
  To = G.__b,
  Co = G.__r,
  Fo = G.diffed,
  No = G.__c,
  Do = G.unmount,
  Io = G.__;
function ln(n, e) {
  G.__h && G.__h(q, n, an || e), an = 0;
  var t = q.__H || (q.__H = { __: [], __h: [] });
  return n >= t.__.length && t.__.push({}), t.__[n];
}
function L(n) {
  return an = 1, Hc(Po, n);
}
function Hc(n, e, t) {
  var s = ln(st++, 2);
  if (
    s.t = n,
      !s.__c && (s.__ = [t ? t(e) : Po(void 0, e), function (l) {
        var u = s.__N ? s.__N[0] : s.__[0], c = s.t(u, l);
        u !== c && (s.__N = [c, s.__[1]], s.__c.setState({}));
      }],
        s.__c = q,
        !q.__f)
  ) {
    var r = function (l, u, c) {
      if (!s.__c.__H) return !0;
      var f = !1, d = s.__c.props !== l;
      if (
        s.__c.__H.__.some(function (m) {
          if (m.__N) {
            f = !0;
            var b = m.__[0];
            m.__ = m.__N, m.__N = void 0, b !== m.__[0] && (d = !0);
          }
        }), i
      ) {
        var p = i.call(this, l, u, c);
        return f ? p || d : p;
      }
      return !f || d;
    };
    q.__f = !0;
    var i = q.shouldComponentUpdate, o = q.componentWillUpdate;
    q.componentWillUpdate = function (l, u, c) {
      if (this.__e) {
        var f = i;
        i = void 0, r(l, u, c), i = f;
      }
      o && o.call(this, l, u, c);
    }, q.shouldComponentUpdate = r;
  }
  return s.__N || s.__;
}
function $(n, e) {
  var t = ln(st++, 3);
  !G.__s && Hr(t.__H, e) && (t.__ = n, t.u = e, q.__H.__h.push(t));
}
function ce(n, e) {
  var t = ln(st++, 4);
  !G.__s && Hr(t.__H, e) && (t.__ = n, t.u = e, q.__h.push(t));
}
function z(n) {
  return an = 5,
    ze(function () {
      return { current: n };
    }, []);
}
function ze(n, e) {
  var t = ln(st++, 7);
  return Hr(t.__H, e) && (t.__ = n(), t.__H = e, t.__h = n), t.__;
}
function qc() {
  for (var n; n = Lo.shift();) {
    var e = n.__H;
    if (n.__P && e) {
      try {
        e.__h.some(on), e.__h.some(Br), e.__h = [];
      } catch (t) {
        e.__h = [], G.__e(t, n.__v);
      }
    }
  }
}
G.__b = function (n) {
  q = null, To && To(n);
},
  G.__ = function (n, e) {
    n && e.__k && e.__k.__m && (n.__m = e.__k.__m), Io && Io(n, e);
  },
  G.__r = function (n) {
    Co && Co(n), st = 0;
    var e = (q = n.__c).__H;
    e && (jr === q
      ? (e.__h = [],
        q.__h = [],
        e.__.some(function (t) {
          t.__N && (t.__ = t.__N), t.u = t.__N = void 0;
        }))
      : (e.__h.some(on), e.__h.some(Br), e.__h = [], st = 0)), jr = q;
  },
  G.diffed = function (n) {
    Fo && Fo(n);
    var e = n.__c;
    e && e.__H &&
    (e.__H.__h.length &&
      (Lo.push(e) !== 1 && Oo === G.requestAnimationFrame ||
        ((Oo = G.requestAnimationFrame) || Wc)(qc)),
      e.__H.__.some(function (t) {
        t.u && (t.__H = t.u, t.u = void 0);
      })), jr = q = null;
  },
  G.__c = function (n, e) {
    e.some(function (t) {
      try {
        t.__h.some(on),
          t.__h = t.__h.filter(function (s) {
            return !s.__ || Br(s);
          });
      } catch (s) {
        e.some(function (r) {
          r.__h && (r.__h = []);
        }),
          e = [],
          G.__e(s, t.__v);
      }
    }), No && No(n, e);
  },
  G.unmount = function (n) {
    Do && Do(n);
    var e, t = n.__c;
    t && t.__H && (t.__H.__.some(function (s) {
      try {
        on(s);
      } catch (r) {
        e = r;
      }
    }),
      t.__H = void 0,
      e && G.__e(e, t.__v));
  };
var Ro = typeof requestAnimationFrame == "function";
function Wc(n) {
  var e,
    t = function () {
      clearTimeout(s), Ro && cancelAnimationFrame(e), setTimeout(n);
    },
    s = setTimeout(t, 35);
  Ro && (e = requestAnimationFrame(t));
}
function on(n) {
  var e = q, t = n.__c;
  typeof t == "function" && (n.__c = void 0, t()), q = e;
}
function Br(n) {
  var e = q;
  n.__c = n.__(), q = e;
}
function Hr(n, e) {
  return !n || n.length !== e.length || e.some(function (t, s) {
    return t !== n[s];
  });
}
function Po(n, e) {
  return typeof e == "function" ? e(n) : e;
}
var Gc = Symbol.for("preact-signals");
function fn() {
  if (Ne > 1) Ne--;
  else {
    var n, e = !1;
    for (
      function () {
        var r = cn;
        for (cn = void 0; r !== void 0;) {
          var i = r.S;
          if (i.v === r.v) {
            for (var o = i.t; o !== void 0; o = o.x) {
              o.i === r.i && (o.i = i.i);
            }
          }
          r = r.o;
        }
      }();
      Ot !== void 0;
    ) {
      var t = Ot;
      for (Ot = void 0, un++; t !== void 0;) {
        var s = t.u;
        if (t.u = void 0, t.f &= -3, !(8 & t.f) && $o(t)) {
          try {
            t.c();
          } catch (r) {
            e || (n = r, e = !0);
          }
        }
        t = s;
      }
    }
    if (un = 0, Ne--, e) throw n;
  }
}
function pn(n) {
  if (Ne > 0) return n();
  qr = ++zc, Ne++;
  try {
    return n();
  } finally {
    fn();
  }
}
var Mt, H = void 0;
function Tt(n) {
  var e = H, t = Mt;
  H = void 0, Mt = void 0;
  try {
    return n();
  } finally {
    H = e, Mt = t;
  }
}
var Ot = void 0, Ne = 0, un = 0, zc = 0, qr = 0, cn = void 0, hn = 0;
function Uo(n) {
  if (H !== void 0) {
    var e = n.n;
    if (e === void 0 || e.t !== H) {
      return e = {
        i: 0,
        S: n,
        p: H.s,
        n: void 0,
        t: H,
        e: void 0,
        x: void 0,
        r: e,
      },
        H.s !== void 0 && (H.s.n = e),
        H.s = e,
        n.n = e,
        32 & H.f && n.S(e),
        e;
    }
    if (e.i === -1) {
      return e.i = 0,
        e.n !== void 0 &&
        (e.n.p = e.p,
          e.p !== void 0 && (e.p.n = e.n),
          e.p = H.s,
          e.n = void 0,
          H.s.n = e,
          H.s = e),
        e;
    }
  }
}
function Z(n, e) {
  this.v = n,
    this.i = 0,
    this.n = void 0,
    this.t = void 0,
    this.l = 0,
    this.W = e?.watched,
    this.Z = e?.unwatched,
    this.name = e?.name;
}
Z.prototype.brand = Gc;
Z.prototype.h = function () {
  return !0;
};
Z.prototype.S = function (n) {
  var e = this, t = this.t;
  t !== n && n.e === void 0 &&
    (n.x = t,
      this.t = n,
      t !== void 0 ? t.e = n : Tt(function () {
        var s;
        (s = e.W) == null || s.call(e);
      }));
};
Z.prototype.U = function (n) {
  var e = this;
  if (this.t !== void 0) {
    var t = n.e, s = n.x;
    t !== void 0 && (t.x = s, n.e = void 0),
      s !== void 0 && (s.e = t, n.x = void 0),
      n === this.t && (this.t = s,
        s === void 0 && Tt(function () {
          var r;
          (r = e.Z) == null || r.call(e);
        }));
  }
};
Z.prototype.subscribe = function (n) {
  var e = this;
  return me(function () {
    var t = e.value;
    Tt(function () {
      return n(t);
    });
  }, { name: "sub" });
};
Z.prototype.valueOf = function () {
  return this.value;
};
Z.prototype.toString = function () {
  return this.value + "";
};
Z.prototype.toJSON = function () {
  return this.value;
};
Z.prototype.peek = function () {
  var n = this;
  return Tt(function () {
    return n.value;
  });
};
Object.defineProperty(Z.prototype, "value", {
  get: function () {
    var n = Uo(this);
    return n !== void 0 && (n.i = this.i), this.v;
  },
  set: function (n) {
    if (n !== this.v) {
      if (un > 100) throw new Error("Cycle detected");
      (function (t) {
        Ne !== 0 && un === 0 && t.l !== qr &&
          (t.l = qr, cn = { S: t, v: t.v, i: t.i, o: cn });
      })(this),
        this.v = n,
        this.i++,
        hn++,
        Ne++;
      try {
        for (var e = this.t; e !== void 0; e = e.x) e.t.N();
      } finally {
        fn();
      }
    }
  },
});
function x(n, e) {
  return new Z(n, e);
}
function $o(n) {
  for (var e = n.s; e !== void 0; e = e.n) {
    if (e.S.i !== e.i || !e.S.h() || e.S.i !== e.i) return !0;
  }
  return !1;
}
function jo(n) {
  for (var e = n.s; e !== void 0; e = e.n) {
    var t = e.S.n;
    if (t !== void 0 && (e.r = t), e.S.n = e, e.i = -1, e.n === void 0) {
      n.s = e;
      break;
    }
  }
}
function Bo(n) {
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
function Xe(n, e) {
  Z.call(this, void 0, e),
    this.x = n,
    this.s = void 0,
    this.g = hn - 1,
    this.f = 4;
}
Xe.prototype = new Z();
Xe.prototype.h = function () {
  if (this.f &= -3, 1 & this.f) return !1;
  if ((36 & this.f) == 32 || (this.f &= -5, this.g === hn)) return !0;
  if (this.g = hn, this.f |= 1, this.i > 0 && !$o(this)) {
    return this.f &= -2, !0;
  }
  var n = H;
  try {
    jo(this), H = this;
    var e = this.x();
    (16 & this.f || this.v !== e || this.i === 0) &&
      (this.v = e, this.f &= -17, this.i++);
  } catch (t) {
    this.v = t, this.f |= 16, this.i++;
  }
  return H = n, Bo(this), this.f &= -2, !0;
};
Xe.prototype.S = function (n) {
  if (this.t === void 0) {
    this.f |= 36;
    for (var e = this.s; e !== void 0; e = e.n) e.S.S(e);
  }
  Z.prototype.S.call(this, n);
};
Xe.prototype.U = function (n) {
  if (this.t !== void 0 && (Z.prototype.U.call(this, n), this.t === void 0)) {
    this.f &= -33;
    for (var e = this.s; e !== void 0; e = e.n) e.S.U(e);
  }
};
Xe.prototype.N = function () {
  if (!(2 & this.f)) {
    this.f |= 6;
    for (var n = this.t; n !== void 0; n = n.x) n.t.N();
  }
};
Object.defineProperty(Xe.prototype, "value", {
  get: function () {
    if (1 & this.f) throw new Error("Cycle detected");
    var n = Uo(this);
    if (this.h(), n !== void 0 && (n.i = this.i), 16 & this.f) throw this.v;
    return this.v;
  },
});
function F(n, e) {
  return new Xe(n, e);
}
function Ho(n) {
  var e = n.j;
  if (n.j = void 0, typeof e == "function") {
    Ne++;
    var t = H;
    H = void 0;
    try {
      e();
    } catch (s) {
      throw n.f &= -2, n.f |= 8, Wr(n), s;
    } finally {
      H = t, fn();
    }
  }
}
function Wr(n) {
  for (var e = n.s; e !== void 0; e = e.n) e.S.U(e);
  n.x = void 0, n.s = void 0, Ho(n);
}
function Xc(n) {
  if (H !== this) throw new Error("Out-of-order effect");
  Bo(this), H = n, this.f &= -2;
  try {
    8 & this.f && Wr(this);
  } finally {
    fn();
  }
}
function rt(n, e) {
  this.x = n,
    this.j = void 0,
    this.s = void 0,
    this.u = void 0,
    this.f = 32,
    this.name = e?.name,
    Mt && Mt.push(this);
}
rt.prototype.c = function () {
  var n = this.S();
  try {
    if (8 & this.f || this.x === void 0) return;
    var e = this.x();
    typeof e == "function" && (this.j = e);
  } finally {
    n();
  }
};
rt.prototype.S = function () {
  if (1 & this.f) throw new Error("Cycle detected");
  this.f |= 1, this.f &= -9, Ho(this), jo(this), Ne++;
  var n = H;
  return H = this, Xc.bind(this, n);
};
rt.prototype.N = function () {
  2 & this.f || (this.f |= 2, this.u = Ot, Ot = this);
};
rt.prototype.d = function () {
  this.f |= 8, 1 & this.f || Wr(this);
};
rt.prototype.dispose = function () {
  this.d();
};
function me(n, e) {
  var t = new rt(n, e);
  try {
    t.c();
  } catch (r) {
    throw t.d(), r;
  }
  var s = t.d.bind(t);
  return s[Symbol.dispose] = s, s;
}
var qo,
  Ft,
  mn,
  Vc = typeof window < "u" && !!window.__PREACT_SIGNALS_DEVTOOLS__;
var Wo = [];
me(function () {
  qo = this.N;
})();
function it(n, e) {
  C[n] = e.bind(null, C[n] || function () {});
}
function Ct(n) {
  if (mn) {
    var e = mn;
    mn = void 0, e();
  }
  mn = n && n.S();
}
function Go(n) {
  var e = this, t = n.data, s = Yc(t);
  s.name = "ReactiveDom", s.value = t;
  var r = ze(function () {
      for (var l = e, u = e.__v; u = u.__;) {
        if (u.__c) {
          u.__c.__$f |= 4;
          break;
        }
      }
      var c = F(function () {
          var m = s.value.value;
          return m === 0 ? 0 : m === !0 ? "" : m || "";
        }),
        f = F(function () {
          return !Array.isArray(c.value) && !Dr(c.value);
        }),
        d = me(function () {
          if (this.N = zo, f.value) {
            var m = c.value;
            l.__v && l.__v.__e && l.__v.__e.nodeType === 3 &&
              (l.__v.__e.data = m);
          }
        }),
        p = e.__$u.d;
      return e.__$u.d = function () {
        d(), p.call(this);
      },
        [f, c];
    }, []),
    i = r[0],
    o = r[1];
  return i.value ? o.peek() : o.value;
}
Go.displayName = "ReactiveTextNode";
Object.defineProperties(Z.prototype, {
  constructor: { configurable: !0, value: Lr(k, null).constructor },
  type: { configurable: !0, value: Go },
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
it("__b", function (n, e) {
  if (Ct(), Ft = void 0, typeof e.type == "string") {
    var t, s = e.props;
    for (var r in s) {
      if (r !== "children") {
        var i = s[r];
        i instanceof Z && (t || (e.__np = t = {}), t[r] = i, s[r] = i.peek());
      }
    }
  }
  n(e);
});
it("__r", function (n, e) {
  if (n(e), e.type !== k) {
    Ct();
    var t, s = e.__c;
    s &&
    (s.__$f &= -2,
      (t = s.__$u) === void 0 && (s.__$u = t = function (r, i) {
        var o;
        return me(function () {
          o = this;
        }, { name: i }),
          o.c = r,
          o;
      }(
        function (r) {
          return function () {
            var i;
            Vc && ((i = this.y) == null || i.call(this)),
              r.__$f |= 1,
              r.setState({});
          };
        }(s),
        typeof e.type == "function" ? e.type.displayName || e.type.name : "",
      ))),
      Ft = s,
      Ct(t);
  }
});
it("__e", function (n, e, t, s) {
  Ct(), Ft = void 0, n(e, t, s);
});
it("diffed", function (n, e) {
  Ct(), Ft = void 0;
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
        var c = i[u], f = s[u];
        c === void 0 ? (c = Kc(t, u, f, r), i[u] = c) : c.o(f, r);
      }
    }
  }
  n(e);
});
function Kc(n, e, t, s) {
  var r = e in n && n.ownerSVGElement === void 0, i = x(t);
  return {
    o: function (o, l) {
      i.value = o, s = l;
    },
    d: me(function () {
      this.N = zo;
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
it("unmount", function (n, e) {
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
      var f = c.__$u;
      f && (c.__$u = void 0, f.d());
    }
  }
  n(e);
});
it("__h", function (n, e, t, s) {
  s < 3 && (e.__$f |= 2), n(e, t, s);
});
nt.prototype.shouldComponentUpdate = function (n, e) {
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
function Yc(n, e) {
  return ze(function () {
    return x(n, e);
  }, []);
}
function dn(n, e) {
  var t = z(n);
  return t.current = n,
    Ft.__$f |= 4,
    ze(function () {
      return F(function () {
        return t.current();
      }, e);
    }, []);
}
var Jc = function (n) {
  queueMicrotask(function () {
    queueMicrotask(n);
  });
};
function Zc() {
  pn(function () {
    for (var n; n = Wo.shift();) qo.call(n);
  });
}
function zo() {
  Wo.push(this) === 1 && (C.requestAnimationFrame || Jc)(Zc);
}
var yn = class {
  #e;
  #t;
  #n = x(eh(ue("place")));
  group = F(() => {
    let e = this.#n.value;
    if (e === null) return null;
    let t = this.#e.rows.value ?? [];
    return this.#e.get(e.group) ?? t.find(({ was: s }) => s === e.group) ??
      Qc(t, e.devices) ?? null;
  });
  id = F(() => this.group.value?.group ?? this.#e.of(this.#t() ?? "")?.group);
  isHere = F(() => {
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
      : null, pe("place", JSON.stringify(this.#n.value));
  }
};
function Qc(n, e) {
  let t = (r) => r.devices.filter(({ key: i }) => e.includes(i)).length,
    [s] = n.toSorted((r, i) => t(i) - t(r));
  return s && t(s) > 0 ? s : void 0;
}
function eh(n) {
  try {
    let { group: e, devices: t } = JSON.parse(n ?? "null") ?? {};
    return typeof e == "string" && Array.isArray(t)
      ? { group: e, devices: t }
      : null;
  } catch {
    return null;
  }
}
var vn = class {
  total = x(0);
  #e = x([]);
  #t;
  others = F(() => {
    let e = this.#t.welcome.value?.key;
    return this.#e.value.filter(({ key: t }) => t !== e).toSorted((t, s) =>
      t.name.localeCompare(s.name)
    );
  });
  listeners = F(() =>
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
var th = {
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
  v = class extends Error {
    name = "OndacastError";
    code;
    fatal;
    constructor(e, t, s = {}) {
      super(t, s), this.code = e, this.fatal = s.fatal ?? Xo(e).fatal ?? !1;
    }
    get exitCode() {
      return Xo(this.code).exit ?? 1;
    }
  };
var nh = 64,
  sh = 1024,
  ot = class extends v {
    name = "PeerError";
    constructor(e, t, s) {
      super(e.slice(0, nh), t.slice(0, sh), { fatal: s });
    }
  };
function M(n, e = "internal") {
  return n instanceof v ? n : new v(e, Gr(n), { cause: n });
}
function Gr(n) {
  return n instanceof Error ? n.message : String(n);
}
function Xo(n) {
  return th[n] ?? {};
}
var rh = 8e3, ih = 3, Ve = x([]), oh = 0;
function be(n, e) {
  let t = gn({ words: ah(n), lasting: !1, action: e }),
    s = Ve.value.filter(({ lasting: r }) => !r);
  s.length > ih && at(s[0].id), setTimeout(() => at(t), rh);
}
function X(n) {
  be(M(n).message);
}
function gn(n) {
  let e = ++oh;
  return Ve.value = [...Ve.value, { ...n, id: e }], e;
}
function zr(n) {
  at(n.id), n.onDismiss?.();
}
function at(n) {
  Ve.value = Ve.value.filter((e) => e.id !== n);
}
function ah(n) {
  return typeof n == "string" ? [n] : n;
}
var lh = {
    WAV: {
      endings: [".wav", ".wave", ".bwf"],
      mediaTypes: ["audio/wav", "audio/x-wav"],
    },
    FLAC: { endings: [".flac"], mediaTypes: ["audio/flac", "audio/x-flac"] },
    MP3: { endings: [".mp3", ".mp2"], mediaTypes: ["audio/mpeg"] },
    Ogg: {
      endings: [".ogg", ".oga", ".opus"],
      mediaTypes: ["audio/ogg", "audio/opus"],
    },
    MP4: {
      endings: [".m4a", ".m4b", ".mp4"],
      mediaTypes: ["audio/mp4", "audio/x-m4a"],
    },
    AAC: { endings: [".aac"], mediaTypes: ["audio/aac"] },
    AIFF: {
      endings: [".aiff", ".aif", ".aifc"],
      mediaTypes: ["audio/aiff", "audio/x-aiff"],
    },
    CAF: { endings: [".caf"], mediaTypes: ["audio/x-caf"] },
    Matroska: {
      needsFfmpeg: !0,
      endings: [".mka"],
      mediaTypes: ["audio/x-matroska"],
    },
    WMA: { needsFfmpeg: !0, endings: [".wma"], mediaTypes: ["audio/x-ms-wma"] },
    "Monkey's Audio": {
      needsFfmpeg: !0,
      endings: [".ape"],
      mediaTypes: ["audio/x-ape"],
    },
    WavPack: {
      needsFfmpeg: !0,
      endings: [".wv"],
      mediaTypes: ["audio/x-wavpack"],
    },
    Wave64: { needsFfmpeg: !0, endings: [".w64"], mediaTypes: ["audio/x-w64"] },
  },
  Xr = lh,
  Vr = Object.values(Xr).flatMap(({ endings: n }) => n),
  uh = Vr[0];
var Vo = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u, Ko = new RegExp(Vo, "gu");
function Kr(n) {
  return Vo.test(n);
}
function S(n) {
  return n.replace(Ko, Jo);
}
function Yo(n) {
  return JSON.stringify(n).replace(Ko, Jo);
}
function Jo(n) {
  let e = "";
  for (let t = 0; t < n.length; t++) {
    e += `\\u${n.charCodeAt(t).toString(16).padStart(4, "0")}`;
  }
  return e;
}
var wn = 16,
  Jr = 255,
  sy = wn * (Jr + 1) - 1,
  Yr = 64,
  ch = new TextEncoder(),
  hh = /[\p{Cc}\p{Bidi_Control}]/u,
  fh = /\p{Cs}/u,
  Zo = /[^\s\u2800\p{Default_Ignorable_Code_Point}]/u,
  Qo = new RegExp(`(${Vr.map((n) => n.replace(".", "\\.")).join("|")})$`, "i"),
  ea = /^[0-9a-f]{24}$/i,
  ph = /[<>:"|?*\\]/,
  mh = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)/i;
function ta(n) {
  return vh(n, gh(n) ?? wh(n));
}
function dh(n) {
  return n === ""
    ? "it has an empty part"
    : n === "." || n === ".."
    ? `it has a part ${ei(n)}`
    : hh.test(n)
    ? "it has a control or bidirectional character"
    : fh.test(n)
    ? "it has half a surrogate pair"
    : xh(n, Jr)
    ? `a part has more than ${Jr} bytes`
    : null;
}
function yh(n) {
  return ph.test(n)
    ? 'it has a character that Windows cannot hold (one of <>:"|?*\\)'
    : mh.test(n)
    ? "it is a device's name on Windows"
    : n.endsWith(".") || n.endsWith(" ")
    ? "a part ends with a dot or a blank"
    : null;
}
function Qr(n) {
  return n.startsWith(".") && !n.startsWith("..");
}
function na(n) {
  return Qo.test(n);
}
function Nt(n) {
  return n.replace(Qo, "");
}
function vh(n, e) {
  if (e === null) return n;
  throw new v("bad-name", `Cannot use the song name ${ei(n)}: ${e}`);
}
function gh(n) {
  let e = n.split("/", wn + 1);
  return e.length > wn ? `it has more than ${wn} parts` : Zr(e, dh);
}
function wh(n) {
  let e = Nt(n);
  return Kr(n)
    ? "it has an invisible character"
    : sa(e)
    ? "it is shaped like an address"
    : ea.test(e)
    ? "it is shaped like a key"
    : Zr(e.split("/"), (t) => Zo.test(t) ? null : "a part of it is blank") ??
      Zr(n.split("/"), bh);
}
function bh(n) {
  return Qr(n) ? "a part that begins with a dot is hidden" : yh(n);
}
function Zr(n, e) {
  for (let t of n) {
    let s = e(t);
    if (s !== null) return s;
  }
  return null;
}
function xh(n, e) {
  return n.length > e || 3 * n.length > e && ch.encode(n).length > e;
}
function bn(n, e = "device") {
  let t = _h(n);
  if (t === null) return n;
  throw new v("bad-name", `Cannot use the ${e} name ${ei(n)}: ${t}`);
}
function _h(n) {
  let e = n.length > 2 * Yr ? 1 / 0 : [...n].length;
  return e < 1 || e > Yr
    ? `expected 1 to ${Yr} characters`
    : Kr(n)
    ? "it has a control, bidirectional, line-separator or invisible character"
    : Zo.test(n)
    ? sa(n)
      ? "it is shaped like an address"
      : ea.test(n.trim())
      ? "it is shaped like a key"
      : null
    : "it is blank";
}
function sa(n) {
  let e = n.trim();
  return kh.some((t) => t.test(e)) ||
    Eh(e.replace(/^\[/, "").replace(/(\](:\d+)?)$/, ""));
}
var kh = [/^\d{1,3}(\.\d{1,3}){3}(:\d+)?$/, /^[^\s:]+:\d+$/];
function Eh(n) {
  return /^[0-9a-f:.]+(%[^\s\]]+)?$/i.test(n) &&
    n.indexOf(":") !== n.lastIndexOf(":");
}
function ei(n) {
  return Yo(n.length > 80 ? n.slice(0, 80) + "\u2026" : n);
}
var Sh = /^[\s\u115F\u1160\u2800\u3164\uFFA0]*$/;
function Ee(n) {
  let e = n.slice(n.lastIndexOf("/") + 1), t = Nt(e);
  return Sh.test(t) ? e : t;
}
function lt(n) {
  return n.slice(0, Math.max(0, n.lastIndexOf("/")));
}
function de(n) {
  let e = Math.floor(n),
    t = [Math.floor(e / 60) % 60, e % 60],
    s = Math.floor(e / 3600);
  return s > 0 && t.unshift(s),
    t.map((r, i) => i === 0 ? String(r) : String(r).padStart(2, "0")).join(":");
}
function Dt(n) {
  let e = Math.floor(n),
    t = [
      ti(Math.floor(e / 3600), "hour"),
      ti(Math.floor(e / 60) % 60, "minute"),
      ti(e % 60, "second"),
    ],
    s = t.findIndex((r) => !r.startsWith("0 "));
  return t.slice(s).join(" ");
}
function ti(n, e) {
  return `${n} ${e}${n === 1 ? "" : "s"}`;
}
function ut(n) {
  let e = ["B", "kB", "MB", "GB", "TB"], t = n, s = 0;
  for (; t >= 999.5 && s < e.length - 1;) t /= 1e3, s++;
  return `${t.toFixed(t < 9.95 && s > 0 ? 1 : 0)} ${e[s]}`;
}
var Ah = { now: "play ", next: "play next ", end: "add " },
  xn = class {
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
        words: [Ah[i], { name: o }, " on ", { name: r }],
        isReady: () => this.#e.has(s),
        run: async (l) => {
          await this.#n.queue(l, s, t),
            i !== "now" && be(["Queued: ", { name: o }]);
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
          for (let { message: l } of o) be([{ name: l }]);
        },
      });
    }
    #r(e, { name: t }, s) {
      let { action: r, value: i } = s;
      return this.#t.do({
        key: `${Mh[r] ?? r} ${e}`,
        words: [...Oh(r, i), { name: t }],
        isReady: () => this.#e.has(e),
        run: (o) => o.request({ type: "control", to: [e], ...s }),
      });
    }
  },
  Mh = {
    pause: "playing",
    resume: "playing",
    stop: "playing",
    next: "song",
    previous: "song",
    jump: "song",
  };
function Oh(n, e) {
  let t = Math.round(Number(e));
  return [
    {
      pause: "pause ",
      resume: "resume ",
      stop: "stop ",
      next: "play the next song on ",
      previous: "play the previous song on ",
      jump: "play another song on ",
      seek: `go to ${de(Math.max(0, t))} on `,
      volume: `set the volume to ${t} on `,
      mute: e ? "mute " : "unmute ",
      delay: `set the delay to ${t} ms on `,
      repeat: `set repeat to ${e} on `,
      shuffle: `turn shuffle ${e ? "on" : "off"} on `,
    }[n],
  ];
}
async function Ke(n) {
  let { what: e, bounds: t, ask: s, cursor: r } = n,
    i = [],
    o = new Set(),
    l = 0,
    u;
  for (;;) {
    let c = await s(u);
    for (let f of c.rows) i.push(f), l += ra(f);
    if (i.length > t.rows || l > t.characters) {
      throw new v(
        "too-large",
        `Cannot list the ${e}: the server sends more than ${t.rows}, or more than ${t.characters} characters`,
      );
    }
    if (!c.more || c.rows.length === 0) return i;
    if (
      u = c.next ?? r?.(c.rows[c.rows.length - 1]), u === void 0 || o.has(u)
    ) {
      throw new v(
        "bad-message",
        `Cannot list the ${e}: the server sends a page again instead of the next one`,
      );
    }
    o.add(u);
  }
}
function ra(n) {
  if (typeof n == "string") return n.length;
  if (typeof n != "object" || n === null) return 0;
  let e = 0;
  for (let t of Object.values(n)) e += ra(t);
  return e;
}
var Th = ["tags", "groups", "live", "rename"];
var ia = Th;
function Se({ features: n }, e) {
  return n.includes(e);
}
var Ch = {
  tags: "know tags",
  groups: "have groups and queues",
  live: "take live sound",
  rename: "rename songs",
};
async function Fh(n, e) {
  return Se(await n.welcome, e);
}
async function oa(n, e, t) {
  if (!await Fh(n, e)) {
    throw new v("too-old", `Cannot ${t}: the server is too old to ${Ch[e]}`);
  }
}
var aa = {
  groups: { rows: 65536, characters: 64 * 2 ** 20 },
  entries: { rows: 2e5, characters: 256 * 2 ** 20 },
};
async function la(n, e) {
  return await oa(n, "groups", "list groups"),
    await Ke({
      what: "groups",
      bounds: aa.groups,
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
async function ua(n, e) {
  let t = null, s;
  return {
    entries: await Ke({
      what: "entries of the queue",
      bounds: aa.entries,
      cursor: ({ entry: i }) => String(i),
      ask: async (i) => {
        let o = await n.request({
          type: "entries",
          group: e,
          ...i !== void 0 && { after: Number(i) },
        });
        if (s !== void 0 && o.revision !== s) {
          throw new v(
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
function _n(n, e, t) {
  let s = [], r = null, i = [], o = 0;
  for (let { entry: u } of n.toReversed()) {
    e.has(u)
      ? (i.length === 0 && s.push({ entries: i, before: r }), i.unshift(u), o++)
      : (r = u, i = []);
  }
  return o === e.size && !(t && s.some((u) => u.before === null)) ? s : null;
}
function ca(n, e) {
  let t = Math.max(0, e - 50), s = [];
  for (let r of ct(n.slice(t))) s.push({ songs: r, index: 0 });
  return fa(s, e - t);
}
function ha(n, e) {
  return ct(n.slice(0, e)).reverse();
}
function ct(n) {
  let e = [], t = 1 / 0;
  for (let s of n) {
    let r = Nh(s);
    (t + r > 56e3 || e.at(-1).length >= 1e3) && (e.push([]), t = 0),
      e.at(-1).push(s),
      t += r;
  }
  return e;
}
function fa([n, ...e], t) {
  return n === void 0
    ? []
    : t < n.songs.length
    ? [{ ...n, index: t }, ...e]
    : fa(e, t - n.songs.length);
}
function Nh(n) {
  return new TextEncoder().encode(JSON.stringify(n)).length + 1;
}
var pa = 200,
  Dh = 5e3,
  kn = class {
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
        me(() => {
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
        l = t && _n(t.entries, s, t.hasMore);
      await this.#c({ action: "remove", entries: [...e] }, {
        shown: (u) => u.filter((c) => !s.has(c.entry)),
        what: o,
        undo: l && (({ group: u }) => this.#h(u, r, l)),
      });
    }
    async move(e, t) {
      let { value: s } = this.page,
        r = new Set(e),
        i = s && _n(s.entries, r, s.hasMore);
      await this.#c({
        action: "move",
        entries: [...e],
        ...t !== void 0 && { before: t },
      }, {
        shown: (o) => Ih(o, r, t),
        what: [e.length === 1 ? "Moved a song" : "Moved the songs"],
        undo: i && (({ group: o }) => this.#f(o, i)),
      });
    }
    async clear() {
      let e = this.#o, t = this.#e.session;
      if (!e || !t) return;
      let s = e.songs <= Dh ? await ua(t, e.group).catch(() => null) : null,
        r = (s?.entries ?? []).filter((u) => u.entry !== e.entry),
        i = new Set(r.map(({ entry: u }) => u)),
        o = s && _n(s.entries, i, !1),
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
        o = Math.max(pa, this.page.peek()?.entries.length ?? 0),
        l = await this.#u(t, s, void 0, o);
      if (
        l === null && i === this.#r && (this.#i = null),
          l === null || i !== this.#r
      ) return;
      let { playing: u } = l;
      l.hasMore && u !== null && !l.entries.some(({ entry: f }) => f === u) &&
      (l = await this.#l(t, e, u, l)),
        !(l === null || i !== this.#r) && (this.page.value = l);
    }
    async #l(e, { group: t, song: s, title: r, artist: i, seconds: o }, l, u) {
      let c = await this.#u(e, t, l),
        d = {
          ...{ entry: l, song: s ?? "", title: r ?? "", seconds: o },
          ...i !== void 0 && { artist: i },
        };
      return c && { ...u, ...c, entries: [d, ...c.entries] };
    }
    async #u(e, t, s, r = pa) {
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
        return e.failure !== null || ["stale", "not-found"].includes(o) || X(i),
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
            be(s, r ? { label: "Undo", act: () => r(i) } : void 0);
          },
        });
    }
    #h(e, t, s) {
      return this.#p(e, async (r) => {
        let i = new Map(), o = t.map(({ entry: u }) => u);
        for (let u of ct(t.map(({ song: c }) => c))) {
          let { entry: c } = await r.request({
              type: "queue",
              to: e,
              place: "end",
              songs: u.map((d) => `song:${d}`),
            }),
            f = o.splice(0, u.length);
          for (let [d, p] of f.entries()) i.set(p, c + d);
        }
        await ma(r, e, s, (u) => i.get(u) ?? u);
      });
    }
    #f(e, t) {
      return this.#p(e, (s) => ma(s, e, t));
    }
    #p(e, t) {
      let s = ["undo an edit of the queue"];
      return this.#n.do({ key: `undo ${e}`, words: s, run: t });
    }
  };
async function ma(n, e, t, s = (r) => r) {
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
function Ih(n, e, t) {
  let s = n.filter(({ entry: o }) => e.has(o)),
    r = n.filter(({ entry: o }) => !e.has(o)),
    i = r.findIndex(({ entry: o }) => o === t);
  return r.toSpliced(i < 0 ? r.length : i, 0, ...s);
}
async function da(n, e, t) {
  let s = new AbortController();
  try {
    let r = await Promise.race([
      ni(n, e),
      e.sleep(1500, s.signal).then(() => null),
    ]);
    return r === null ? null : t / 1e3 - r - e.now();
  } catch {
    return null;
  } finally {
    s.abort();
  }
}
async function ni(n, e) {
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
var Rh = 3e3,
  Lh = 1,
  En = class {
    rows = x(null);
    #e = F(() => new Map((this.rows.value ?? []).map((e) => [e.group, e])));
    #t = F(() =>
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
        [c, f] = l ? [l.value, l.atMs] : [r, u],
        d = s === "playing" ? Math.max(0, t - f) : 0;
      return Math.min(c + d / 1e3, o ?? 1 / 0);
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
      for (let [t, { atMs: s }] of this.#i) e - s > Rh && this.#i.delete(t);
      this.#r.value = e;
    }
    async watch(e) {
      this.#s = !1;
      let { greeting: t } = e;
      if (!t || !Se(t, "groups")) {
        this.rows.value = [];
        return;
      }
      let s = new si();
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
        let [r, i] = await Promise.all([la(e, !0), ni(e, this.#n)]);
        if (this.#o = i ?? 0, !t.end(s, r)) return;
        this.#l(t);
      } catch (r) {
        e.failure === null && X(r);
      }
    }
    #l(e) {
      if (e.isWhole) {
        for (let t of e.rows.values()) this.#u(t);
        this.#s = !0, this.rows.value = [...e.rows.values()].sort(Uh);
      }
    }
    #u(e) {
      let { group: t, state: s, position: r, volume: i, devices: o } = e;
      for (let f of [{ key: t, volume: i }, ...o]) {
        let d = `volume ${f.key}`;
        this.#i.get(d)?.value === f.volume && this.#i.delete(d);
      }
      let l = this.#i.get(`seek ${t}`);
      if (l === void 0) return;
      let u = s === "playing" ? e.positionAt / 1e3 - this.#o - l.atMs : 0,
        c = r - l.value - u / 1e3;
      Math.abs(c) < Lh && this.#i.delete(`seek ${t}`);
    }
  },
  si = class {
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
  Ph = { playing: 0, paused: 1, stopped: 2, away: 3 };
function It({ devices: n }) {
  return n.every(({ away: e }) => e);
}
function ya(n) {
  return Ph[It(n) ? "away" : n.state];
}
function Uh(n, e) {
  return ya(n) - ya(e) || n.name.localeCompare(e.name) ||
    (n.group < e.group ? -1 : 1);
}
var ri = { rows: 1e6, characters: 128 * 2 ** 20 };
function va(n, e) {
  return Ke({
    what: "songs",
    bounds: ri,
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
function ii(n, e = new Map()) {
  let t = e,
    s = (r) => {
      let i = t.get(r);
      if (i) return i;
      let o = { path: r, folders: [], songs: [], total: 0 };
      return t.set(r, o), r !== "" && s(lt(r)).folders.push(o), o;
    };
  s("");
  for (let r of n) {
    let i = lt(r.name);
    for (s(i).songs.push(r); s(i).total++, i !== "";) i = lt(i);
  }
  return t;
}
var Sn = class {
  songs = [];
  #e = new Map();
  #t;
  #n = new Map();
  #s = ii([]);
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
    return this.#s = ii(t, this.#s), t;
  }
  #r(e) {
    let t = this.#i(e), s = this.#t?.named(e.name);
    return s && $h(s, t) ? s : t;
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
function $h(n, e) {
  return n.etag === e.etag && n.problem === e.problem &&
    n.seconds === e.seconds && n.art === e.art && n.title === e.title &&
    n.artist === e.artist && n.album === e.album &&
    n.albumArtist === e.albumArtist && n.track === e.track;
}
var jh = 250,
  Bh = 20,
  An = class {
    search = x("");
    #e = x(null);
    songs = F(() => this.#e.value?.songs ?? null);
    folders = F(() => this.#e.value?.index.folders ?? null);
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
        e.failure === null && X(s);
      } finally {
        this.#n = !1;
        let s = performance.now();
        this.#r = s + Bh * (s - t);
      }
      this.#s && await this.refresh();
    }
    async #i(e) {
      let t = this.#e.peek()?.index ?? null, s = new Sn(t), r = 0;
      await Ke({
        what: "songs",
        bounds: ri,
        ask: async (i) => {
          let { songs: o, more: l, next: u } = await e.request({
              type: "list",
              sort: "natural",
              limit: jh,
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
var ga = [
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
var Hh = { 1: 4, 2: 3, 3: 11, 4: 263, 5: 55, 6: 63, 7: 1807, 8: 1599 };
function ht(n) {
  let { channels: e, channelMask: t = 0 } = n, s = Hh[e] ?? 0;
  return xa(t).length === e && t < 2 ** ga.length ? t : s;
}
function wa(n) {
  let e = xa(ht(n));
  return Array.from({ length: n.channels }, (t, s) => e[s] ?? null);
}
function ba(n) {
  return n === 4 || n === 3;
}
function xa(n) {
  return ga.filter((e, t) => Math.floor(n / 2 ** t) % 2 === 1);
}
var oi = {
    u8: 8,
    s16le: 16,
    s24le: 24,
    s32le: 32,
    f32le: 32,
    f64le: 64,
    alaw: 8,
    mulaw: 8,
  },
  _a = { encoding: "f32le", rate: 48e3, channels: 2, bits: 32 };
function W(n) {
  return n.channels * n.bits / 8;
}
function ie(n) {
  return n.rate * W(n);
}
function De(n, e) {
  return e / ie(n);
}
function ai(n, e) {
  return Math.max(0, Math.round(e * n.rate)) * W(n);
}
function $e(n, e) {
  return e - e % W(n);
}
function ft(n, e) {
  return n.encoding === e.encoding && n.rate === e.rate &&
    n.channels === e.channels && ht(n) === ht(e);
}
function ka(n) {
  return `${n.rate / 1e3} kHz ${Wh(n)} ${
    qh[n.channels] ?? `${n.channels} channels`
  }`;
}
var qh = { 1: "mono", 2: "stereo" };
function Wh(n) {
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
var Ye = {
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
      read: (n, e) => Gh(n.getUint8(e)),
      write: (n, e, t) => n.setUint8(e, zh(t)),
    },
    mulaw: {
      full: 32768,
      silence: 255,
      read: (n, e) => Xh(n.getUint8(e)),
      write: (n, e, t) => n.setUint8(e, Vh(t)),
    },
  },
  On = 128,
  Ea = 85;
function Gh(n) {
  let e = n ^ Ea,
    t = e >> 4 & 7,
    s = e & 15,
    r = t === 0 ? (s << 4) + 8 : (s << 4) + 264 << t - 1;
  return e & On ? r : -r;
}
function zh(n) {
  let e = Math.min(Math.abs(n), 32767) >> 4,
    t = Math.max(0, 28 - Math.clz32(e)),
    s = e >> Math.max(0, t - 1) & 15;
  return ((n < 0 ? 0 : On) | t << 4 | s) ^ Ea;
}
var Mn = 132;
function Xh(n) {
  let e = ~n, t = e >> 4 & 7, r = ((e & 15) << 3) + Mn << t;
  return e & On ? Mn - r : r - Mn;
}
function Vh(n) {
  let e = Math.min(Math.abs(n) + Mn, 32767) | 0,
    t = 24 - Math.clz32(e),
    s = e >> t + 3 & 15;
  return ~((n < 0 ? On : 0) | t << 4 | s) & 255;
}
function Aa(n, e) {
  return new Uint8Array(e).fill(Ye[n.encoding].silence);
}
function li(n, e) {
  let { read: t, full: s } = Ye[n.encoding], r = 0;
  return ui(n, e, (i, o) => {
    let l = Math.abs(t(i, o));
    l > r && (r = l);
  }),
    Math.min(1, r / s);
}
function Ma(n, e, t) {
  if (!(t >= 0 && t <= Sa)) {
    throw new RangeError(`Cannot apply gain: ${t}, expected 0 to ${Sa}`);
  }
  if (t === 1) return;
  let { read: s, write: r, silence: i, full: o } = Ye[n.encoding];
  if (t === 0) {
    e.fill(i, 0, $e(n, e.length));
    return;
  }
  let l = o === 1 ? 1 / 0 : o, u = o === 1 ? 1 / 0 : o - 1;
  ui(n, e, (c, f) => r(c, f, Math.max(-l, Math.min(u, s(c, f) * t))));
}
var Sa = 16;
function Tn(n, e) {
  let { read: t, full: s } = Ye[n.encoding],
    { channels: r } = n,
    i = $e(n, e.length) / W(n),
    o = Array.from({ length: r }, () => new Float32Array(i)),
    l = 0;
  return ui(n, e, (u, c) => {
    let f = Math.floor(l / r);
    o[l % r][f] = t(u, c) / s, l++;
  }),
    o;
}
function pt(n, e) {
  let { write: t, full: s } = Ye[n.encoding],
    [r, i] = s === 1 ? [-1 / 0, 1 / 0] : [-s, s - 1],
    o = n.bits / 8,
    l = new Uint8Array(e.length * o),
    u = new DataView(l.buffer);
  for (let c = 0; c < e.length; c++) {
    let f = e[c] * s;
    t(u, c * o, Math.max(r, Math.min(i, f)));
  }
  return l;
}
function mt(n, e) {
  let [t, s] = n, r = new Float32Array(t.length * e);
  if (e === 1 && s) return r.map((i, o) => (t[o] + s[o]) / 2);
  for (let i = 0; i < e; i++) {
    let o = s ? n[i] : i < 2 ? t : void 0;
    if (o) { for (let l = 0; l < o.length; l++) r[l * e + i] = o[l]; }
  }
  return r;
}
function ui(n, e, t) {
  let s = new DataView(e.buffer, e.byteOffset, e.byteLength),
    r = $e(n, e.length),
    i = n.bits / 8;
  for (let o = 0; o < r; o += i) t(s, o);
}
var Oa = 480, sv = 16 * 1024;
var Kh = 3,
  Ta = { ms: 3e3, times: 5 },
  Yh = 1e3,
  Cn = class {
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
        !t.wanted && (t.peaks.peek() === null || e.etag === null) &&
        (t.wanted = !0, this.#i(t, e, Ta.times)),
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
        e.viewers > 0 && (e.peaks.value = await this.#a(r, i ?? ""));
        let o = e.peaks.peek() !== null,
          l = o && i === null,
          u = e.viewers > 0 && (l || !o && s > 0);
        if (e.wanted = u, !u) return;
        let c = l ? s : s - 1, f = l ? Yh : Ta.ms;
        setTimeout(() => this.#i(e, t, c), f);
      }), this.#o();
    }
    #o() {
      for (; this.#s < Kh && this.#t.length > 0;) {
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
        return r.length === Oa ? r : null;
      } catch {
        return null;
      }
    }
  };
function Ca({ connection: n, silenced: e, now: t }) {
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
var Fn = class {
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
var Nn = class {
  names = x(null);
  #e = null;
  #t = null;
  begin(e) {
    this.#t = e, this.names.value = new Set();
  }
  toggle(e) {
    this.names.value === null && (this.#t = e);
    let t = new Set(this.names.value);
    t.delete(e) || t.add(e),
      this.#e = { name: e, others: t },
      this.names.value = t;
  }
  extend(e, t, s = t) {
    this.names.value === null && (this.#t = e[t].name),
      this.#e ??= { name: e[s].name, others: new Set() };
    let { name: r, others: i } = this.#e,
      o = e.findIndex((c) => c.name === r),
      l = [o < 0 ? t : o, t].sort((c, f) => c - f),
      u = e.slice(l[0], l[1] + 1).map(({ name: c }) => c);
    this.names.value = new Set([...i, ...u]);
  }
  end() {
    this.names.value !== null && (this.#t = this.#e?.name ?? null, this.#n());
  }
  leave() {
    this.#t = null, this.#n();
  }
  #n() {
    this.#e = null, this.names.value = null;
  }
  takesFocus(e) {
    return this.#t !== e ? !1 : (this.#t = null, !0);
  }
};
function Fa(n) {
  return n instanceof Uint8Array ||
    ArrayBuffer.isView(n) && n.constructor.name === "Uint8Array" &&
      "BYTES_PER_ELEMENT" in n && n.BYTES_PER_ELEMENT === 1;
}
var ci = (n) => n ? `"${n}" ` : "";
function hi(n, e = "") {
  if (typeof n != "number") {
    throw new TypeError(ci(e) + "expected number, got " + typeof n);
  }
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new RangeError(ci(e) + "expected integer >= 0, got " + n);
  }
  return n;
}
function dt(n, e, t = "") {
  if (Fa(n) && (e === void 0 || n.length === e)) return n;
  e !== void 0 && hi(e, "length");
  let s = Fa(n),
    r = e !== void 0 ? ` of length ${e}` : "",
    i = s ? `length=${n.length}` : `type=${typeof n}`,
    o = ci(t) + "expected Uint8Array" + r + ", got " + i;
  throw s ? new RangeError(o) : new TypeError(o);
}
function Da(n) {
  if (typeof n != "function" || typeof n.create != "function") {
    throw new TypeError("expected hash wrapped by utils.createHasher");
  }
  if (hi(n.outputLen), hi(n.blockLen), n.outputLen < 1 || n.blockLen < 1) {
    throw new Error("hash blockLen / outputLen must be >= 1");
  }
}
var Jh = (n, e) => {
    if (n === null || typeof n != "object" || Array.isArray(n)) {
      throw new TypeError(
        (e === "object" ? "" : `"${e}" `) + "expected object, got type=" +
          typeof n,
      );
    }
  },
  Na = (n, e) => {
    Jh(n, e);
    let t = Object.getPrototypeOf(n);
    if (t !== Object.prototype && t !== null) {
      throw new TypeError(`"${e}" expected plain object`);
    }
    if (Object.hasOwn(n, "__proto__")) {
      throw new TypeError(`"${e}.__proto__" is not allowed`);
    }
  };
function yt(n, e = !0) {
  if (n.destroyed) throw new Error("hash was destroyed");
  if (e && n.finished) throw new Error("digest() was already called");
}
function Dn(n, e) {
  dt(n, void 0, "output");
  let t = e.outputLen;
  if (!(n.length >= t)) {
    throw new RangeError('"output" expected length >= ' + t);
  }
}
function Rt(...n) {
  for (let e = 0; e < n.length; e++) n[e].fill(0);
}
function In(n) {
  return new DataView(n.buffer, n.byteOffset, n.byteLength);
}
function xe(n, e) {
  return n << 32 - e | n >>> e;
}
var Zh = typeof Uint8Array.from([]).toHex == "function" &&
    typeof Uint8Array.fromHex == "function",
  Qh = Array.from({ length: 256 }, (n, e) => e.toString(16).padStart(2, "0"));
function Ia(n) {
  if (dt(n), Zh) return n.toHex();
  let e = "";
  for (let t = 0; t < n.length; t++) e += Qh[n[t]];
  return e;
}
function ef(n, e, t = "opts") {
  return Na(n, "defaults"),
    e !== void 0 && Na(e, t),
    Object.assign(Object.create(null), n, e);
}
function Ra(n, e = {}) {
  if (typeof n != "function") {
    throw new TypeError('"hashCons" expected function, got type=' + typeof n);
  }
  e = ef({}, e, "info");
  let t = (r, i) => n(i).update(r).digest(), s = n(void 0);
  return t.outputLen = s.outputLen,
    t.blockLen = s.blockLen,
    t.canXOF = s.canXOF,
    t.create = (r) => n(r),
    Object.assign(t, e),
    Object.freeze(t);
}
var La = (n) => ({
  oid: Uint8Array.from([6, 9, 96, 134, 72, 1, 101, 3, 4, 2, n]),
});
var Rn = class {
    oHash;
    iHash;
    blockLen;
    outputLen;
    canXOF = !1;
    finished = !1;
    destroyed = !1;
    constructor(e, t) {
      if (
        Da(e),
          dt(t, void 0, "key"),
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
      this.oHash.update(r), Rt(r);
    }
    update(e) {
      return yt(this), this.iHash.update(e), this;
    }
    digestInto(e) {
      yt(this), Dn(e, this), this.finished = !0;
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
  Pa = (() => {
    let n = (e, t, s) => new Rn(e, t).update(s).digest();
    return n.create = (e, t) => new Rn(e, t), n;
  })();
var tf = (n) => n / 2 ** 32 | 0, nf = (n) => n >>> 0;
function Ua(n, e, t, s) {
  let r = tf(t), i = nf(t);
  n.setUint32(e, s ? i : r, s), n.setUint32(e + 4, s ? r : i, s);
}
function $a(n, e, t) {
  return n & e ^ ~n & t;
}
function ja(n, e, t) {
  return n & e ^ n & t ^ e & t;
}
var Ln = class {
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
        this.view = In(this.buffer);
    }
    update(e) {
      yt(this), dt(e);
      let { view: t, buffer: s, blockLen: r } = this, i = e.length, o = !1;
      for (let l = 0; l < i;) {
        let u = Math.min(r - this.pos, i - l);
        if (u === r) {
          let c = In(e);
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
      yt(this), Dn(e, this), this.finished = !0;
      let { buffer: t, view: s, blockLen: r, isLE: i } = this,
        { pos: o } = this;
      t[o++] = 128,
        t.fill(0, o),
        this.padOffset > r - o && (this.process(s, 0), t.fill(0)),
        Ua(s, r - 8, this.length * 8, i),
        this.process(s, 0),
        this.roundClean();
      let l = e === t ? s : In(e),
        u = this.outputLen,
        c = u / 4,
        f = this.get();
      if (u % 4 || c > f.length) throw new Error("invalid outputLen");
      for (let d = 0; d < c; d++) l.setUint32(4 * d, f[d], i);
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
  Ba = Uint32Array.from([
    1779033703,
    3144134277,
    1013904242,
    2773480762,
    1359893119,
    2600822924,
    528734635,
    1541459225,
  ]);
var sf = Uint32Array.from([
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
  je = new Uint32Array(64),
  fi = class extends Ln {
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
      for (let d = 0; d < 16; d++, t += 4) je[d] = e.getUint32(t, !1);
      for (let d = 16; d < 64; d++) {
        let p = je[d - 15],
          m = je[d - 2],
          b = xe(p, 7) ^ xe(p, 18) ^ p >>> 3,
          D = xe(m, 17) ^ xe(m, 19) ^ m >>> 10;
        je[d] = D + je[d - 7] + b + je[d - 16] | 0;
      }
      let { A: s, B: r, C: i, D: o, E: l, F: u, G: c, H: f } = this;
      for (let d = 0; d < 64; d++) {
        let p = xe(l, 6) ^ xe(l, 11) ^ xe(l, 25),
          m = f + p + $a(l, u, c) + sf[d] + je[d] | 0,
          D = (xe(s, 2) ^ xe(s, 13) ^ xe(s, 22)) + ja(s, r, i) | 0;
        f = c, c = u, u = l, l = o + m | 0, o = i, i = r, r = s, s = m + D | 0;
      }
      s = s + this.A | 0,
        r = r + this.B | 0,
        i = i + this.C | 0,
        o = o + this.D | 0,
        l = l + this.E | 0,
        u = u + this.F | 0,
        c = c + this.G | 0,
        f = f + this.H | 0,
        this.set(s, r, i, o, l, u, c, f);
    }
    roundClean() {
      Rt(je);
    }
    destroy() {
      this.destroyed = !0, this.set(0, 0, 0, 0, 0, 0, 0, 0), Rt(this.buffer);
    }
  },
  pi = class extends fi {
    constructor() {
      super(32, Ba);
    }
  };
var Pn = Ra(() => new pi(), La(1));
var rf = 2e3,
  Un = class {
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
        this.#t.size > rf && this.#t.delete(this.#t.keys().next().value),
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
        (this.#n = { token: e, query: e ? `&key=${of(e)}` : "" }),
        this.#n.query;
    }
  };
function of(n) {
  let e = (s) => new TextEncoder().encode(s),
    t = Pa(Pn, e(n), e("ondacast read 1"));
  return btoa(String.fromCharCode(...t.subarray(0, 16))).replaceAll("+", "-")
    .replaceAll("/", "_").replaceAll("=", "");
}
var af = [
  "home",
  "albums",
  "artists",
  "songs",
  "playlists",
  "folders",
  "search",
  "rooms",
];
function Ha(n) {
  let [, e, t = ""] = n.split("/"), s = af.find((r) => r === e);
  return s === void 0 ? { name: "home", what: "" } : { name: s, what: lf(t) };
}
function he({ name: n, what: e }) {
  return n === "home" ? "#/" : `#/${n}${e && `/${encodeURIComponent(e)}`}`;
}
var $n = class {
  now = x(Ha(location.hash));
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
    this.now.value = Ha(location.hash);
    let e = this.#e.get(location.hash) ?? 0;
    requestAnimationFrame(() => scrollTo(0, e));
  }
};
function lf(n) {
  try {
    return decodeURIComponent(n);
  } catch {
    return n;
  }
}
var vt = class {
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
  jn = class {
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
        throw new v(
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
var Bn,
  uf = {
    lang: void 0,
    message: void 0,
    abortEarly: void 0,
    abortPipeEarly: void 0,
  };
function Wa(n) {
  return !n && !Bn ? uf : {
    lang: n?.lang ?? Bn?.lang,
    message: n?.message,
    abortEarly: n?.abortEarly ?? Bn?.abortEarly,
    abortPipeEarly: n?.abortPipeEarly ?? Bn?.abortPipeEarly,
  };
}
var cf;
function hf(n) {
  return cf?.get(n);
}
var ff;
function pf(n) {
  return ff?.get(n);
}
var mf;
function df(n, e) {
  return mf?.get(n)?.get(e);
}
function Hn(n) {
  let e = typeof n;
  return e === "string"
    ? `"${n}"`
    : e === "number" || e === "bigint" || e === "boolean"
    ? `${n}`
    : e === "object" || e === "function"
    ? (n && Object.getPrototypeOf(n)?.constructor?.name) ?? "null"
    : e;
}
function ye(n, e, t, s, r) {
  let i = r && "input" in r ? r.input : t.value,
    o = r?.expected ?? n.expects ?? null,
    l = r?.received ?? Hn(i),
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
    f = r?.message ?? n.message ?? df(n.reference, u.lang) ??
      (c ? pf(u.lang) : null) ?? s.message ?? hf(u.lang);
  f !== void 0 && (u.message = typeof f == "function" ? f(u) : f),
    c && (t.typed = !1),
    t.issues ? t.issues.push(u) : t.issues = [u];
}
function Ga(n, e) {
  let t = [...new Set(n)];
  return t.length > 1 ? `(${t.join(` ${e} `)})` : t[0] ?? "never";
}
function Ae(n) {
  return n["~standard"] = {
    version: 1,
    vendor: "valibot",
    validate: (e) => n["~run"]({ value: e }, Wa()),
  },
    n;
}
function za(n) {
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
function qn(n, e) {
  return {
    kind: "validation",
    type: "check",
    reference: qn,
    async: !1,
    expects: null,
    requirement: n,
    message: e,
    "~run"(t, s) {
      return t.typed && !this.requirement(t.value) && ye(this, "input", t, s),
        t;
    },
  };
}
function mi(n, e) {
  return {
    kind: "validation",
    type: "min_value",
    reference: mi,
    async: !1,
    expects: `>=${n instanceof Date ? n.toJSON() : Hn(n)}`,
    requirement: n,
    message: e,
    "~run"(t, s) {
      return t.typed && !(t.value >= this.requirement) &&
        ye(this, "value", t, s, {
          received: t.value instanceof Date ? t.value.toJSON() : Hn(t.value),
        }),
        t;
    },
  };
}
function Lt(n, e) {
  return {
    kind: "validation",
    type: "regex",
    reference: Lt,
    async: !1,
    expects: `${n}`,
    requirement: n,
    message: e,
    "~run"(t, s) {
      return t.typed && !this.requirement.test(t.value) &&
        ye(this, "format", t, s),
        t;
    },
  };
}
var yf = { abortEarly: !0 };
function vf(n, e, t) {
  return typeof n.fallback == "function" ? n.fallback(e, t) : n.fallback;
}
function di(n, e, t) {
  return typeof n.default == "function" ? n.default(e, t) : n.default;
}
function Wn(n, e) {
  return !n["~run"]({ value: e }, yf).issues;
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
      } else ye(this, "type", t, s);
      return t;
    },
  });
}
function oe(n) {
  return Ae({
    kind: "schema",
    type: "boolean",
    reference: oe,
    expects: "boolean",
    async: !1,
    message: n,
    "~run"(e, t) {
      return typeof e.value == "boolean"
        ? e.typed = !0
        : ye(this, "type", e, t),
        e;
    },
  });
}
function Gn(n, e) {
  return Ae({
    kind: "schema",
    type: "custom",
    reference: Gn,
    expects: "unknown",
    async: !1,
    check: n,
    message: e,
    "~run"(t, s) {
      return this.check(t.value) ? t.typed = !0 : ye(this, "type", t, s), t;
    },
  });
}
function Q(n, e) {
  return Ae({
    kind: "schema",
    type: "nullable",
    reference: Q,
    expects: `(${n.expects} | null)`,
    async: !1,
    wrapped: n,
    default: e,
    "~run"(t, s) {
      return t.value === null &&
          (this.default !== void 0 && (t.value = di(this, t, s)),
            t.value === null)
        ? (t.typed = !0, t)
        : this.wrapped["~run"](t, s);
    },
  });
}
function R(n, e) {
  return Ae({
    kind: "schema",
    type: "object",
    reference: R,
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
            let l = i in r ? r[i] : di(o), u = o["~run"]({ value: l }, s);
            if (u.issues) {
              let c = {
                type: "object",
                origin: "value",
                input: r,
                key: i,
                value: l,
              };
              for (let f of u.issues) {
                f.path ? f.path.unshift(c) : f.path = [c], t.issues?.push(f);
              }
              if (t.issues || (t.issues = u.issues), s.abortEarly) {
                t.typed = !1;
                break;
              }
            }
            u.typed || (t.typed = !1), t.value[i] = u.value;
          } else if (o.fallback !== void 0) t.value[i] = vf(o);
          else if (
            o.type !== "exact_optional" && o.type !== "optional" &&
            o.type !== "nullish" &&
            (ye(this, "key", t, s, {
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
      } else ye(this, "type", t, s);
      return t;
    },
  });
}
function y(n, e) {
  return Ae({
    kind: "schema",
    type: "optional",
    reference: y,
    expects: `(${n.expects} | undefined)`,
    async: !1,
    wrapped: n,
    default: e,
    "~run"(t, s) {
      return t.value === void 0 &&
          (this.default !== void 0 && (t.value = di(this, t, s)),
            t.value === void 0)
        ? (t.typed = !0, t)
        : this.wrapped["~run"](t, s);
    },
  });
}
function se(n, e) {
  return Ae({
    kind: "schema",
    type: "picklist",
    reference: se,
    expects: Ga(n.map(Hn), "|"),
    async: !1,
    options: n,
    message: e,
    "~run"(t, s) {
      return this.options.includes(t.value)
        ? t.typed = !0
        : ye(this, "type", t, s),
        t;
    },
  });
}
function V(n) {
  return Ae({
    kind: "schema",
    type: "string",
    reference: V,
    expects: "string",
    async: !1,
    message: n,
    "~run"(e, t) {
      return typeof e.value == "string" ? e.typed = !0 : ye(this, "type", e, t),
        e;
    },
  });
}
function qa(n) {
  let e;
  if (n) {
    for (let t of n) {
      if (e) { for (let s of t.issues) e.push(s); }
      else e = t.issues;
    }
  }
  return e;
}
function yi(n, e) {
  return Ae({
    kind: "schema",
    type: "union",
    reference: yi,
    expects: Ga(n.map((t) => t.expects), "|"),
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
        ye(this, "type", t, s, { issues: qa(i) }), t.typed = !0;
      } else {
        if (o?.length === 1) return o[0];
        ye(this, "type", t, s, { issues: qa(o) });
      }
      return t;
    },
  });
}
function Ie(...n) {
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
function Xa(n, e, t) {
  let s = n["~run"]({ value: e }, Wa(t));
  return {
    typed: s.typed,
    success: !s.issues,
    output: s.value,
    issues: s.issues,
  };
}
var ae = 4, Va = 16777215, Ka = 1 << 20;
var Vn = 1 << 20, _e = { data: 0, message: 1 }, Pt = new Uint8Array(ae);
function Ut(n, e, t, s) {
  if (!Number.isInteger(s) || s < 0 || s > Va) {
    throw new RangeError(
      `Cannot frame a payload of ${s} bytes: expected 0 to ${Va}`,
    );
  }
  n[e] = t, n[e + 1] = s >>> 16, n[e + 2] = s >>> 8, n[e + 3] = s;
}
function Kn(n, e) {
  let t = new Uint8Array(ae + e.length);
  return Ut(t, 0, n, e.length), t.set(e, ae), t;
}
var Xn = class {
    #e;
    #t;
    #n;
    #s;
    #r;
    #i = 0;
    #o = 0;
    #a = 0;
    #l = 0;
    #u = zn;
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
          this.#a === _e.data ? this.#e.data(i) : this.#p(i);
      }
    }
    #h(e, t, s) {
      return this.#o === 0 && s - t >= ae
        ? (this.#f(e[t], gf(e, t + 1)), t + ae)
        : (this.#i = this.#i << 8 | e[t],
          ++this.#o === ae &&
          (this.#o = 0, this.#f(this.#i >>> 24, this.#i & 16777215)),
          t + 1);
    }
    #f(e, t) {
      if (
        this.#s && (t += e * 2 ** 24, e = _e.data),
          this.#a = e,
          this.#l = t,
          e === _e.data
      ) {
        if (t > this.#n) {
          throw new v(
            "bad-frame",
            `Cannot read a data frame of ${t} bytes: expected at most ${this.#n}`,
          );
        }
        t === 0 && this.#e.dataEnd();
      } else {
        if (e !== _e.message) {
          throw new v(
            "bad-frame",
            `Cannot read a frame of type ${e}: expected 0 (data) or 1 (message)`,
          );
        }
        if (t > this.#t) {
          throw new v(
            "bad-frame",
            `Cannot read a message of ${t} bytes: expected at most ${this.#t}`,
          );
        }
        t === 0 && this.#e.message(zn);
      }
    }
    #p(e) {
      if (this.#l === 0 && this.#c === 0) {
        this.#u = zn, this.#e.message(e);
        return;
      }
      if (this.#m(e), this.#l > 0) return;
      let t = this.#u.subarray(0, this.#c);
      this.#c = 0, this.#r || (this.#u = zn), this.#e.message(t);
    }
    #m(e) {
      let t = this.#c + e.length;
      if (t > this.#u.length) {
        let s = new Uint8Array(Math.max(t, this.#u.length * 2));
        s.set(this.#u.subarray(0, this.#c)), this.#u = s;
      }
      this.#u.set(e, this.#c), this.#c = t;
    }
  },
  zn = new Uint8Array(0);
function gf(n, e) {
  return n[e] << 16 | n[e + 1] << 8 | n[e + 2];
}
function Yn(n, e, t) {
  if (n.length > 2 * t) return !1;
  if (n.length <= t && n.length >= 2 * e) return !0;
  let s = [...n].length;
  return s >= e && s <= t;
}
var [wf, bf, xf, _f, kf, Ef] = new TextEncoder().encode('"\\[]{}');
function Ya(n, e) {
  if (n.length <= 2 * e) return !1;
  let t = 0, s = !1;
  for (let r = 0; r < n.length; r++) {
    let i = n[r];
    if (i === wf) s = !s;
    else if (s) i === bf && r++;
    else if (i === kf || i === xf) { if (++t > e) return !0; }
    else (i === Ef || i === _f) && t--;
  }
  return !1;
}
function T(n, e) {
  return { fields: R(n), feature: e };
}
function Me(n, e) {
  return { fields: R(e), rows: n };
}
var Sf = Symbol("next");
var Af = new WeakMap();
function Ja(n, e) {
  return Af.set(n, e), n;
}
function Je(n, e) {
  return Ja(
    Gn(
      (t) => typeof t == "string" && Yn(t, n, e),
      `expected a text of ${n} to ${e} characters`,
    ),
    { type: "string", minLength: n, maxLength: e },
  );
}
function Jn(n, e, t = { type: "number" }) {
  return Ja(Gn((s) => typeof s == "number" && n(s), `expected ${e}`), t);
}
function gt(n, e) {
  return Jn((t) => t >= n && t <= e, `a number from ${n} to ${e}`, {
    type: "number",
    minimum: n,
    maximum: e,
  });
}
function Ze(n, e) {
  return Jn(
    (t) => Number.isInteger(t) && t >= n && t <= e,
    `a whole number from ${n} to ${e}`,
    { type: "integer", minimum: n, maximum: e },
  );
}
var Y = Jn(Number.isFinite, "a finite number"),
  g = Ze(0, Number.MAX_SAFE_INTEGER),
  Le = Jn((n) => n >= 0 && n < 1 / 0, "a time from 0 on", {
    type: "number",
    minimum: 0,
  }),
  Za = 1024,
  Zn = Je(0, Za),
  $t = Ie(V(), Lt(/^[0-9a-f]{64}$/i));
var vi = 2e3,
  j = V(),
  Qe = oe(),
  Mf = se(["off", "all", "one"]),
  jt = P(R({ to: j, code: j, message: j })),
  el = ["pause", "resume", "stop", "seek", "volume"],
  Of = ["mute", "delay"],
  Tf = se(el);
function tl(n) {
  return Wn(Tf, n);
}
var gi = se([...el, ...Of]),
  nl = yi([Y, Qe]),
  Qn = R({
    errorUs: Y,
    grade: se(["exact", "approximate"]),
    rttUs: Y,
    leadMs: gt(0, 6e4),
  }),
  sl = { group: y(j), entry: y(g), follows: y(g) },
  Cf = R({
    key: j,
    name: j,
    volume: Y,
    muted: Qe,
    delay: Y,
    away: y(Qe),
    step: y(Qn),
    problem: y(j),
  }),
  Qa = R({
    group: j,
    name: j,
    devices: P(Cf),
    state: se(["playing", "paused", "stopped"]),
    entry: Q(g),
    song: Q(j),
    title: Q(j),
    artist: y(j),
    art: y(Qe),
    position: Le,
    positionAt: Y,
    seconds: Q(Le),
    songs: g,
    revision: g,
    repeat: Mf,
    shuffle: Qe,
    volume: Y,
    problem: y(j),
    by: y(j),
    was: y(j),
    node: y(j),
  }),
  rl = {
    queued: T({ group: j, entry: Q(g), songs: g, revision: g, refused: jt }),
    grouped: T({ group: j, devices: P(j), refused: jt }),
    groups: Me("groups", {
      groups: y(P(Qa)),
      more: y(Qe),
      total: y(g),
      changed: y(P(Qa)),
      gone: y(P(j)),
    }),
    entries: Me("entries", {
      group: j,
      revision: g,
      entries: P(
        R({
          entry: g,
          song: j,
          title: j,
          artist: y(j),
          seconds: Q(Le),
          problem: y(j),
        }),
      ),
      playing: Q(g),
      more: Qe,
      total: g,
    }),
    edited: T({ revision: g }),
    line: T({ stream: g, frame: g, at: Q(Y), since: y(Y) }),
  };
var J = V(),
  wi = oe(),
  il = {
    file: y(R({ bytes: g, sha256: y(J) })),
    codec: y(J),
    reason: y(J),
    estimated: y(wi),
    title: y(J),
    artist: y(J),
    album: y(J),
    albumArtist: y(J),
    track: y(g),
    disc: y(g),
    year: y(g),
    genre: y(J),
    added: y(g),
    art: y(wi),
    gain: y(R({ track: y(Y), album: y(Y), peak: y(Y) })),
  },
  Ff = Ie(Y, mi(0)),
  ol = {
    removed: T({ song: J }),
    restored: T({ song: J, etag: J }),
    renamed: T({ song: J, etag: J }),
    albums: Me("albums", {
      albums: P(
        R({
          key: J,
          album: J,
          artist: J,
          year: y(g),
          songs: g,
          seconds: Ff,
          art: wi,
          added: g,
        }),
      ),
      next: y(J),
      total: g,
    }),
    artists: Me("artists", {
      artists: P(R({ artist: J, albums: g, songs: g })),
      next: y(J),
      total: g,
    }),
    playlists: Me("playlists", {
      playlists: P(R({ name: J, songs: g, missing: g })),
    }),
  };
var al = oe(),
  ll = gt(0, 100),
  Bt = Je(1, 64),
  ul = {
    borrowed: T({
      volume: ll,
      muted: al,
      delay: gt(-vi, vi),
      step: y(Qn),
      problem: y(Zn),
    }),
    "lent-facts": T({ device: Bt, volume: ll, step: y(Qn), problem: y(Zn) }),
    "lent-place": T({
      device: Bt,
      stream: g,
      position: gt(0, Number.MAX_SAFE_INTEGER),
      playing: al,
    }),
    "lent-stream": T({
      device: Bt,
      stream: g,
      event: se(["sent", "failed", "behind", "stopped"]),
      code: y(Je(1, 32)),
      reason: y(Zn),
    }),
    "lent-rejoin": T({ device: Bt }),
    "lent-over": T({ device: Bt, why: se(["away", "left"]) }),
  };
var cl = Ie(V(), Lt(/^[0-9a-f]{64}$/)),
  Nf = R({ name: Je(1, 64), address: Je(1, 300), random: cl }),
  hl = R({ ...Nf.entries, proof: cl }),
  fl = {
    proved: T({}),
    places: T({
      places: P(
        R({
          node: V(),
          address: V(),
          state: se(["here", "alive", "dead", "refused"]),
          reason: y(V()),
          devices: g,
          songs: g,
        }),
      ),
      connected: oe(),
    }),
  };
var Df = Object.keys(oi),
  pl = {
    encoding: se(Df),
    rate: Ze(1, Number.MAX_SAFE_INTEGER),
    channels: Ze(1, 64),
    bits: Y,
    validBits: y(g),
    channelMask: y(Ze(0, 2 ** 32 - 1)),
  },
  ml = ({ encoding: n, bits: e }) => e === oi[n],
  bi = Ie(R({ ...pl, dataOffset: g, dataBytes: Q(g) }), qn((n) => ml(n))),
  If = 64 * 1024,
  ng = Ie(
    R({ ...pl, rate: Ze(1, 768e3), dataOffset: y(Ze(0, If)) }),
    qn((n) => ml(n)),
  ),
  xi = R({
    key: V(),
    id: V(),
    name: V(),
    receiving: oe(),
    unverified: y(oe()),
    node: y(V()),
    state: R({
      doing: se(["idle", "waiting", "playing", "paused"]),
      song: y(V()),
      position: y(Le),
      volume: y(Y),
      underruns: y(g),
      problem: y(V()),
    }),
  });
var qt = 1;
var dl = 0,
  yl = .5,
  I = V(),
  Ht = oe(),
  wt = Y,
  Rf = R({
    name: I,
    bytes: Q(g),
    seconds: Q(Le),
    etag: Q(I),
    sha256: y($t),
    format: Q(bi),
    problem: y(I),
    live: y(Ht),
    ...il,
    node: y(I),
    content: y($t),
  }),
  vl = {
    hello: "welcome",
    prove: "proved",
    places: "places",
    borrow: "borrowed",
    albums: "albums",
    artists: "artists",
    playlists: "playlists",
    remove: "removed",
    restore: "restored",
    rename: "renamed",
    queue: "queued",
    group: "grouped",
    ungroup: "grouped",
    move: "grouped",
    groups: "groups",
    entries: "entries",
    edit: "edited",
    list: "songs",
    play: "start",
    stop: "stopped",
    upload: "ready",
    live: "ready",
    receive: "receiving",
    cast: "casting",
    control: "controlled",
    online: "online",
    ping: "pong",
  },
  es = {
    welcome: T({
      version: wt,
      you: I,
      key: I,
      server: I,
      serverId: y(I),
      clock: I,
      features: P(I),
      services: P(R({ key: I, title: I, type: I })),
      online: P(xi),
      total: g,
      peer: y(hl),
      also: y(P(I)),
      may: y(P(I)),
      alsoCertificates: y(P(I)),
      cluster: y(I),
    }),
    ...fl,
    ...ul,
    ...ol,
    ...rl,
    songs: Me("songs", { songs: P(Rf), more: Ht, next: y(I) }),
    online: Me("clients", { clients: P(xi), more: Ht, total: g }),
    start: T({
      stream: g,
      song: I,
      etag: Q(I),
      offset: g,
      bytes: Q(g),
      format: bi,
      from: Le,
      sha256: y($t),
      by: y(I),
      at: y(wt),
      ...sl,
    }),
    end: T({ stream: g, sha256: y($t) }),
    stopped: T({ stream: g, reason: I, code: y(I) }),
    ready: T({ window: g }),
    stored: T({ song: I, etag: I }),
    casting: T({ to: P(I), refused: jt }),
    receiving: T({ on: Ht }),
    controlled: T({ to: y(P(I)), refused: y(jt) }),
    control: T({ action: gi, value: y(nl), stream: y(g), by: y(I) }),
    grant: T({ bytes: g }),
    ping: T({ time: y(wt) }),
    pong: T({ time: y(wt), received: y(wt), sent: y(wt) }),
    error: T({ code: I, message: I, fatal: y(Ht) }),
  };
function gl({ type: n, fields: e }) {
  return Object.hasOwn(es, n)
    ? n !== "control" || typeof e.action != "string" || Wn(gi, e.action)
    : !1;
}
var wg = 32 * 1024,
  Lf = new TextDecoder("utf-8", { fatal: !0 }),
  wl = new TextEncoder(),
  _i = new Uint8Array(ae + Vn);
function _l(n, e = 1 / 0) {
  let t = Pf(n, e), { type: s } = t;
  if (typeof s != "string") {
    throw bt("Cannot read a message: it has no string `type`");
  }
  return Uf(s, t);
}
function Pf(n, e) {
  if (!Ya(n, e)) return jf(n);
  throw bt(
    `Cannot read a message: expected at most ${e} objects and lists in each other`,
  );
}
function Uf(n, e) {
  let { id: t, re: s } = e, r = { type: n, fields: e };
  if (!bl(t)) throw xl(r, "id");
  if (!bl(s)) throw xl(r, "re");
  return { ...r, id: t, re: s };
}
function kl(n, e) {
  if (!Object.hasOwn(n, e.type)) {
    throw new v(
      "unknown-type",
      `Cannot accept a message of type ${
        JSON.stringify(e.type.slice(0, 64))
      }: expected ${Object.keys(n).join(", ")}`,
    );
  }
  El(e);
  let t = Xa(n[e.type].fields, e.fields, { abortEarly: !0 });
  if (!t.success) {
    let [r] = t.issues;
    throw bt(`Cannot accept ${e.type}: field ${za(r) ?? "?"}: ${r.message}`);
  }
  let s = t.output;
  return s.type = e.type,
    e.id !== void 0 && (s.id = e.id),
    e.re !== void 0 && (s.re = e.re),
    s;
}
function El({ type: n, fields: { version: e } }) {
  if (n === "hello" && !(typeof e != "number" || e === qt)) {
    throw new v("version", `Cannot speak version ${e}: expected ${qt}`);
  }
}
function Sl(n) {
  return $f(JSON.stringify(n));
}
function $f(n) {
  let e = _i.subarray(ae), { read: t, written: s } = wl.encodeInto(n, e);
  return t < n.length
    ? Kn(_e.message, wl.encode(n))
    : (Ut(_i, 0, _e.message, s), _i.slice(0, ae + s));
}
function jf(n) {
  let e;
  try {
    e = JSON.parse(Lf.decode(n));
  } catch (t) {
    throw bt(`Cannot read a message: ${Gr(t).slice(0, 200)}`, t);
  }
  if (typeof e != "object" || e === null || Array.isArray(e)) {
    throw bt("Cannot read a message: expected a JSON object");
  }
  return e;
}
function bl(n) {
  return n === void 0 || Number.isSafeInteger(n) ||
    typeof n == "string" && Yn(n, 0, 64);
}
function xl(n, e) {
  return El(n),
    bt(
      `Cannot read a message: field ${e}: expected a whole number within 2^53 or a string of at most 64 characters`,
    );
}
function bt(n, e) {
  return new v("bad-message", n, { cause: e });
}
var Bf = 256 * 1024,
  Hf = 1e3,
  ts = class {
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
      return this.#i + this.#o > Bf && !this.broken;
    }
    read(e) {
      return this.#u = this.transport.read(e);
    }
    heard(e) {
      this.#t.receivedBytes += e, this.heardAtMs = this.#e.now();
    }
    send(e) {
      this.sendMessageFrame(Sl(e));
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
    #h(e, t = qf) {
      if (this.#l) {
        return t(),
          Promise.reject(
            new v("lost", "Cannot send: the connection is closing"),
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
        await Promise.race([this.#f(), this.#e.sleep(Hf, e.signal)]);
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
        : (this.#r = e.length, this.transport.write(e).then(this.#m, this.#v));
    }
    #m = () => {
      this.#s--, this.#t.sentBytes += this.#r;
    };
    #v = (e) => {
      throw this.#s--, this.#a = e, this.transport.close(), e;
    };
  };
function qf() {}
var ns = class {
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
var Al = "nothing heard for 20 s";
function Ml(n, e, t) {
  let s = e - Math.max(n.heardAtMs, t);
  return s >= 2e4
    ? "gone"
    : Math.max(s, e - (n.spokeAtMs ?? e)) >= 1e4 && e - n.pingedAtMs >= 1e4
    ? "ping"
    : "alive";
}
var ss = class {
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
var Ol = 1e3;
async function Tl(n, e, t) {
  let s = new ss(Ol, e.now()), r = -1 / 0;
  for (;;) {
    if (await e.sleep(Ol, t), t.aborted) return;
    let i = e.now(),
      { heardAtMs: o, spokeAtMs: l, transport: { peer: u } } = n,
      c = Ml({ heardAtMs: o, spokeAtMs: l, pingedAtMs: r }, i, s.check(i));
    if (c === "gone") {
      let f = `Lost the connection to ${u}: ${Al}`;
      throw new v("lost", f);
    }
    c === "ping" &&
      (r = i, n.send({ type: "ping", time: Math.round(i * 1e3) }));
  }
}
var Oe = class {
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
var rs = class {
  expects = "ready";
  credit = new vt(0);
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
var is = class {
  credit = new vt(0);
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
var Wf = 256 * 1024;
async function Cl(n, e, t) {
  let s = new Uint8Array(Wf),
    r = new Xn(e, { maxMessageBytes: Vn, maxDataBytes: Ka, reusesMemory: !0 });
  for (;;) {
    let i = await n.read(s);
    if (t.aborted) return;
    if (i === null) {
      throw new v(
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
var Fl = 1024,
  os = class {
    #e = new Map();
    #t = 0;
    get isFull() {
      return this.#e.size >= Fl;
    }
    add(e) {
      let t = ++this.#t;
      return this.#e.set(t, e), t;
    }
    answer(e, t) {
      let s = this.#n(e);
      return s && s.expects !== t.type
        ? s.failed(Gf(t.type, s.expects))
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
function Nl(n, e) {
  let { promise: t, resolve: s, reject: r } = Promise.withResolvers();
  return { expects: n, promise: t, answered: (o) => (s(e(o)), !1), failed: r };
}
function Gf(n, e) {
  return new v("bad-message", `Cannot use ${n} as an answer: expected ${e}`);
}
function Dl(n) {
  return new v(
    "lost",
    `Lost the connection to ${n}: it leaves ${Fl} requests unanswered`,
  );
}
function xt(n, e) {
  let { row: t, atUs: s } = n,
    r = t.findIndex(({ id: l }) => l === n.take),
    { frame: i } = n;
  if (s === null) return { kind: "paused", take: t[r], frame: i };
  if (e < s) return { kind: "waiting", take: t[r], frame: i };
  let o = s;
  for (;; r++) {
    let l = t[r], u = o + as(l, i);
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
function ki({ row: n, take: e, frame: t, atUs: s }, r, i) {
  let o = n.findIndex(({ id: c }) => c === e),
    l = n.findIndex(({ id: c }) => c === r);
  if (s === null || o < 0 || l < 0) return null;
  let u = s + (n[o].fromFrame - t) * 1e6 / n[o].rateHz;
  for (let c = o; c < l; c++) u += as(n[c], n[c].fromFrame);
  for (let c = l; c < o; c++) u -= as(n[c], n[c].fromFrame);
  return u + (i - n[l].fromFrame) * 1e6 / n[l].rateHz;
}
function as({ endFrame: n, rateHz: e }, t) {
  return n === null ? 1 / 0 : (n - t) * 1e6 / e;
}
var Ei = 64;
var ls = class {
  #e = [];
  find(e) {
    return this.#e.find((t) => t.start.stream === e);
  }
  add(e) {
    this.#e = this.#e.filter((i) => !i.isOver);
    let { follows: t } = e.start,
      s = this.#e.findIndex((i) => i.start.stream === t),
      r = this.#e.splice(s + 1);
    if (this.#e.length >= Ei) {
      throw new v(
        "bad-message",
        `Cannot begin stream ${e.start.stream}: ${Ei} others wait for their turn`,
      );
    }
    return this.#e.push(e), r;
  }
  cut(e) {
    let t = this.#e.findIndex((s) => s.start.stream >= e);
    return t < 0 ? [] : this.#e.splice(t);
  }
};
var us = class n {
  welcome;
  #e;
  #t;
  #n;
  #s = new Oe();
  #r = new os();
  #i = new AbortController();
  #o = null;
  #a = new ls();
  #l = null;
  #u = null;
  #c = null;
  #h = !1;
  constructor(e, { clock: t, identity: s, windowBytes: r }) {
    let i = this.#e = new ts(e, t);
    this.#n = new jn(r);
    let { features: o = ia, ...l } = s;
    this.#t = t,
      this.welcome = this.#f({
        type: "hello",
        version: qt,
        window: r,
        features: [...o],
        ...l,
      }, (u) => this.#c = u),
      this.welcome.catch(() => {}),
      Cl(i, {
        data: (u) => this.#y(u),
        dataEnd: () => this.#o?.complete(),
        message: (u) => this.#d(u),
      }, this.over).catch((u) => this.#x(M(u, "lost"))),
      Tl(i, t, this.over).catch((u) => this.#x(M(u)));
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
    let t = this.#l = new is();
    return this.#p({ type: "upload", ...e }, t), t;
  }
  live(e) {
    let t = this.#l = new rs();
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
    this.#m(this.#n.used(e));
  }
  widen(e) {
    this.#m(this.#n.widen(e));
  }
  close() {
    this.#u ||
      (this.#e.send({ type: "bye" }),
        this.#w(new v("interrupted", "The connection was closed")));
  }
  #f(e, t) {
    let s = Nl(vl[e.type], t);
    return this.#p(e, s), s.promise;
  }
  #p(e, t) {
    if (this.#r.isFull && this.#w(Dl(this.#v)), this.#u) {
      return t.failed(this.#u);
    }
    let s = this.#r.add(t);
    this.#e.send({ ...e, id: s });
  }
  #m(e) {
    e > 0 && this.send({ type: "grant", bytes: e });
  }
  get #v() {
    return this.#e.transport.peer;
  }
  #y(e) {
    if (!this.#h) throw zf(this.#v);
    this.#n.received(e.length),
      this.#o ? this.#o.receive(e) : this.used(e.length);
  }
  #d(e) {
    let t = _l(e);
    if (!gl(t)) return;
    let s = kl(es, t);
    this.#h = !0,
      s.type === "start"
        ? this.#g(s)
        : s.type === "error"
        ? this.#k(s)
        : this.#r.answer(s.re, s) || this.#b(s);
  }
  #g(e) {
    this.#o?.completeIf(e.follows);
    let t = this.#o = new ns(this, e), s = this.#a.add(t);
    e.re === void 0
      ? this.#s.notify((i) => i.cast?.(t))
      : this.#r.answer(e.re, e);
    for (let i of s) i.displace();
    this.#m(this.#n.all());
  }
  #_(e) {
    for (let t of this.#a.cut(e.stream)) t.stopped(e);
    this.#m(this.#n.all());
  }
  #k(e) {
    let { re: t, code: s, fatal: r = !1 } = e,
      i = new ot(s, e.message, r),
      o = this.#r.fail(t, i);
    r ? this.#w(i) : o || this.#b(e);
  }
  #b(e) {
    let { type: t } = e;
    if (t === "ping") return this.send({ type: "pong", time: e.time });
    t === "grant" && this.#l?.granted(e.bytes),
      t === "end" && this.#a.find(e.stream)?.ending(e),
      t === "stopped" && this.#_(e),
      this.#s.notify((s) => {
        s[t]?.call(s, e);
      });
  }
  #x(e) {
    let { transport: t } = this.#e;
    this.#w(this.#h ? e : t.explain?.(e) ?? e);
  }
  #w(e) {
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
function zf(n) {
  return new v(
    "bad-frame",
    `Cannot talk to ${n}: it sends data before a welcome`,
  );
}
var Il = { first: 250, longest: 4e3 },
  Xf = 1e4,
  cs = class {
    clock;
    signal;
    #e;
    #t = null;
    #n = null;
    #s = new Oe();
    reconnects = 0;
    #r = !1;
    #i = !1;
    #o;
    #a = {};
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
    get lastServerId() {
      return this.#a.serverId;
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
        : (this.#n ??= this.#u().finally(() => this.#n = null), await this.#n);
    }
    async reconnect(e, t = this.signal) {
      let s = AbortSignal.any([this.signal, t]),
        r = this.clock.now(),
        i = Il.first;
      for (;;) {
        await this.clock.sleep(i, s), Vf(s);
        try {
          return await this.#l();
        } catch (o) {
          let l = M(o, "unreachable"), u = this.clock.now() - r + i;
          if (!this.#f(l) || u > e) throw l;
          this.miss(l), i = Math.min(i * 2, Il.longest);
        }
      }
    }
    close() {
      this.#t?.failure === null && this.#t.close(), this.#t = null;
    }
    async #l() {
      let e = await this.session();
      return await e.welcome, e;
    }
    async #u() {
      let e = new AbortController(),
        t = this.#r ? this.#h(e.signal) : this.signal,
        s = await this.#c(t).finally(() => e.abort());
      return this.#t = s,
        s.over.addEventListener("abort", () => {
          let { failure: r } = s;
          s.isWelcome && ee(r) && this.miss(r);
        }),
        s.welcome.then((r) => this.#p(r), () => {}),
        this.#s.notify((r) => r.opened?.(s)),
        s;
    }
    async #c(e) {
      let { connector: t } = this.#e;
      for (;;) {
        let s = await us.open(t, { ...this.#e, signal: e });
        if (this.#o === null) return s;
        let { serverId: r, cluster: i } = await s.welcome,
          o = i !== void 0 && i === this.#a.cluster;
        if (r === this.#o || o) return s;
        if (s.close(), !t.avoid?.()) {
          throw new v(
            "unreachable",
            `Cannot reach the server: another one answers at ${t.place}, and it is nowhere else in this network`,
          );
        }
      }
    }
    #h(e) {
      let t = new AbortController();
      return this.clock.sleep(Xf, e).then(() => {
        e.aborted || t.abort();
      }),
        AbortSignal.any([this.signal, t.signal]);
    }
    #f(e) {
      let t = ["not-ondacast", "tls-mismatch"].includes(e.code);
      return ee(e) || this.#r && t;
    }
    #p(e) {
      this.#r && this.#i && this.reconnects++, this.#r = !0;
      let { serverId: t, cluster: s } = e;
      this.#a = { serverId: t, cluster: s },
        this.#e.serverId === null && (this.#o ??= t ?? null),
        this.#e.connector.note?.(e),
        this.#i && (this.#i = !1, this.#s.notify((r) => r.back?.(e)));
    }
    miss(e) {
      this.#i || (this.#i = !0, this.#s.notify((t) => t.away?.(e)));
    }
  };
function Vf(n) {
  if (n.aborted) throw new v("interrupted", "Interrupted");
}
function ee(n) {
  return ["lost", "unreachable", "busy", "timeout"].includes(n.code);
}
var hs = class {
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
      return t && Se(t, "groups") ? e : null;
    }
  },
  Te = class {
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
var Kf = Uint32Array.of(
    1179011410,
    64036,
    1163280727,
    544501094,
    16,
    65537,
    8e3,
    8e3,
    524289,
    1635017060,
    64e3,
  ),
  Rl = 10,
  fs = class {
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
        ["seekbackward", ({ seekOffset: r }) => e.skip(-(r ?? Rl))],
        ["seekforward", ({ seekOffset: r }) => e.skip(r ?? Rl)],
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
        f = JSON.stringify([s, r, i, o]);
      this.#t !== f &&
      (this.#t = f,
        t.metadata = new MediaMetadata({
          title: s,
          artist: r,
          album: i,
          artwork: o === null ? [] : [{ src: o, sizes: "512x512" }],
        })),
        t.playbackState = l ? "playing" : "paused",
        c !== null &&
        t.setPositionState({ duration: c, position: Math.min(u, c) }),
        this.#e ??= Yf(),
        l ? this.#e.paused && this.#e.play().catch(() => {}) : this.#e.pause();
    }
  };
function Yf() {
  let n = new Uint8Array(64e3).fill(128),
    e = new Blob([Kf, n], { type: "audio/wav" }),
    t = new Audio(URL.createObjectURL(e));
  return t.loop = !0, t;
}
var ps = class {
  #e = new Map();
  async queue(e, t, s) {
    let { at: r, fromSeconds: i, shuffle: o, repeat: l } = s;
    this.#e.set(t, s);
    let [{ index: u, ...c }, ...f] = Jf(s),
      d = c.place === "now" && r !== void 0 ? ha(s.songs, r - u) : [],
      p = f.length + d.length === 0,
      m = await e.request({
        type: "queue",
        to: t,
        ...c,
        ...r !== void 0 && { index: u },
        ...i !== void 0 && { from: i },
        ...o !== void 0 && { shuffle: o && p },
        ...l !== void 0 && { repeat: l },
      });
    return this.#t(e, t, { choice: s, rest: f, earlier: d, queued: m }).catch(
      () => {},
    ),
      m;
  }
  async #t(e, t, { choice: s, rest: r, earlier: i, queued: o }) {
    let { revision: l, entry: u } = o;
    for (let { songs: f, place: d } of r) {
      if (
        this.#e.get(t) !== s ||
        (await e.request({ type: "queue", to: t, songs: f, place: d }))
            .revision !== ++l
      ) return;
    }
    for (let f of i) {
      if (this.#e.get(t) !== s) return;
      let { group: d, entry: p, songs: m, ...b } = await e.request({
        type: "queue",
        to: t,
        songs: f,
        place: "end",
      });
      if (b.revision !== ++l || p === null || u === null) return;
      let D = Array.from({ length: m }, (w, O) => p + O);
      ({ revision: l } = await e.request({
        type: "edit",
        group: d,
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
function Jf({ songs: n, at: e = 0, place: t = "now" }) {
  let s = t === "now" ? ca(n, e) : ct(n).map((r) => ({ songs: r, index: 0 }));
  return t === "next" && s.reverse(),
    s.map((r, i) => ({ ...r, place: t === "now" && i > 0 ? "end" : t }));
}
var Zf = .25,
  ms = class {
    #e = x(0);
    #t = { bytes: 0, atMs: 0 };
    get perSecond() {
      return this.#e;
    }
    measure(e, t) {
      let s = t - this.#t.atMs;
      if (s < 1e3) return;
      let r = (e - this.#t.bytes) * 1e3 / s;
      this.#e.value += (r - this.#e.value) * Zf,
        this.#t = { bytes: e, atMs: t };
    }
  };
var Qf = 6e4,
  ds = class {
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
        r !== null && ee(r) ? this.keep(e) : X(s);
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
          noticeId: gn({
            words: ["As soon as the server is back: ", ...e.words],
            lasting: !0,
            onDismiss: () => this.forget(e.key),
          }),
          timer: setTimeout(() => this.#n(e), Qf),
        });
    }
    has(e) {
      return this.#t.has(e);
    }
    forget(e) {
      let t = this.#t.get(e);
      t !== void 0 &&
        (this.#t.delete(e), clearTimeout(t.timer), at(t.noticeId));
    }
    #n(e) {
      this.forget(e.key);
      let t = gn({
        words: ["Not done, because the server was away: ", ...e.words],
        lasting: !0,
        action: {
          label: "Do it now",
          act: () => {
            at(t), this.do(e);
          },
        },
      });
    }
  };
var ys = class {
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
var vs = class {
  #e;
  #t = null;
  #n = null;
  #s = new Oe();
  #r = 0;
  #i = null;
  #o = Promise.resolve();
  #a = new Uint8Array(0);
  #l = !1;
  clock;
  openResampler;
  constructor(e, t = null, s = null) {
    this.#e = e, this.clock = t, this.openResampler = s;
  }
  listen(e, t) {
    this.#s.add(e, t);
  }
  for(e) {
    let t = this.#o.then(() => this.#u(e));
    return this.#o = t.catch(() => {}), t;
  }
  async #u(e) {
    if (this.#t && !this.#l && ft(this.#t.sink.format, e)) return this.#t;
    let t = this.#r, s = this.#c();
    s.catch(() => {});
    let r;
    try {
      r = await this.#e(e, s);
    } finally {
      await s;
    }
    if (this.#r !== t) {
      throw await r.abort(), new v("interrupted", "Interrupted");
    }
    r.failed.catch((o) => {
      this.#t?.sink === r && (this.#i = o, this.#s.notify((l) => l.failed()));
    });
    let i = r.realTime ? new ys(ie(e), W(e), r.leadSeconds) : null;
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
    return e.setGain ? e.setGain(s) : Ma(e.format, t, s),
      this.#a = t,
      this.#t?.sink === e && (this.#t.writtenBytes += t.length),
      e.write(t);
  }
  get level() {
    let { sink: e } = this.#t ?? {};
    return e ? li(e.format, this.#a) : 0;
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
function gs(n) {
  return new Promise((e) => {
    n.addEventListener("abort", () => e()), n.aborted && e();
  });
}
function ws(n) {
  let { promise: e, reject: t } = Promise.withResolvers();
  e.catch(() => {});
  let s = () => t(new v("interrupted", "Interrupted"));
  return n.addEventListener("abort", s),
    n.aborted && s(),
    { promise: e, [Symbol.dispose]: () => n.removeEventListener("abort", s) };
}
var ve = class {
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
var Ll = 4, Pl = 64 * 2 ** 20;
function Si(n, e) {
  let t = Math.ceil(ie(n) * Ll);
  if (t <= Pl) return t;
  throw new v(
    "unsupported",
    `Cannot play ${e}: ${Ll} s of its ${n.channels} channels at ${n.rate} Hz take ${t} bytes, expected at most ${Pl}`,
  );
}
async function Ul(n, e, { etag: t, bytes: s }) {
  let r = { type: "play", song: e, offset: s, etag: t }, i = await n.request(r);
  return { session: n, stream: i.stream, song: i.song };
}
var bs = class {
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
var xs = class {
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
var _s = class {
  #e = new bs();
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
    this.#t = e, this.#n = t ? new xs(e.format, e.offset) : null;
  }
  storeIn(e) {
    this.#s = e((t) => this.#e.used(t));
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
      throw new v("lost", `Lost a part of ${t}: expected ${r} bytes`);
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
var $l = { same: 1e4, restarted: 2e3 },
  ep = 6e4,
  ks = class {
    #e;
    #t;
    #n;
    #s = { is: "idle" };
    constructor(e, t, s = ep) {
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
      if (!Se(i, "groups")) return await this.#u();
      let o = i.clock === e,
        l = o ? $l.same : $l.restarted,
        u = AbortSignal.any([t, r.over]);
      if (await this.#e.clock.sleep(l, u), !(t.aborted || this.#s !== s)) {
        if (r.failure) return await this.#l(e);
        if (!o) return await this.#u();
        throw new v("lost", "Lost the song: the server plays it no more");
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
var Es = class {
  #e;
  #t;
  #n;
  #s = null;
  #r = null;
  #i = null;
  #o = !1;
  #a = new _s();
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
    let s = t ? De(t, t.dataBytes) : Number.MAX_SAFE_INTEGER;
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
    return this.#s = new ks(this.#t, {
      over: e.closed,
      get isWhole() {
        return t.isWhole;
      },
      next: () => this.#c(),
      begin: (s, r) => this.#f(e, s, r),
      ready: (s) => this.#g(e, s),
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
      this.#i ??= De(t, s);
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
        new v("changed", `Cannot continue ${i.song}: its content has changed`),
      );
    }
    this.#l = (f) => r.send(f(i.stream)), this.#p(e, t, u);
    try {
      this.#y(e, r, c, l);
    } catch (f) {
      return o.begin(c, !1), e.unplayable(f);
    }
    o.part === null && this.#v(i),
      o.begin(c),
      this.#i = null,
      this.#o = !1,
      i.at !== void 0 && !l && e.pump.startIn(da(r, this.#t.clock, i.at)),
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
      end: () => this.#d(e, t),
      stopped: ({ code: i, reason: o }) => {
        i === void 0 ? e.end("stopped") : e.fail(new ot(i, o, !1));
      },
      displaced: () => this.#m(e, t),
    };
  }
  #m(e, t) {
    if (e.pump.borrower) return;
    if (t.start.group !== void 0) return e.end("replaced");
    let s = this.#a.nextByte !== null;
    t.isComplete || !s || e.over || this.#s.request(t.session);
  }
  #v({ song: e, etag: t, bytes: s, offset: r, format: i }) {
    if (t === null || s === null || r !== 0) return;
    let o = { song: e, etag: t, bytes: s, format: i }, l = this.#e.store?.(o);
    l && this.#a.storeIn(l);
  }
  #y({ pump: e }, t, { format: s, offset: r, song: i }, o) {
    t.widen(Si(s, i));
    let l = this.#a.foreignBytes(t),
      u = t.windowBytes + l,
      c = Math.max(r - s.dataOffset, 0);
    o ? e.widen(u) : e.begin(s, c, u);
  }
  #d(e, t) {
    if (this.#a.nextByte !== null) {
      try {
        this.#a.complete(t.sha256), e.pump.complete();
      } catch (s) {
        e.fail(s);
      }
    }
  }
  async #g(e, t) {
    let { part: s } = this.#a,
      r = s ? Si(s.format, s.song) : 0,
      i = t.windowBytes + r;
    e.pump.bufferedBytes > i && this.#_(e, t), await e.drainedTo(i, t.over);
  }
  #_(e, t) {
    let { song: s, etag: r, offset: i, bytes: o } = this.#a.part;
    r === null || o === null ||
      Ul(t, s, { etag: r, bytes: i + o }).then(({ stream: l }) => {
        t.failure || !this.#s.isReconnecting ||
          (this.#l = (u) => t.send(u(l)), e.changed());
      }, () => {});
  }
};
var Ss = class {
  pump;
  #e;
  #t = new ve();
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
var tp = 5e3,
  jl = 4e3,
  Ai = 6e5,
  As = class {
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
        let o = this.#t.now() - s >= jl ? e.heardBytes : e.runFromBytes;
        await this.#e.abort(), this.#n.goBack(o), await this.#t.sleep(tp, t);
      }
    }
    async #r(e) {
      this.#s !== null &&
        (await this.#t.sleep(jl, e),
          !e.aborted && (this.#s = null, this.#n.changed(null)));
    }
    #i(e, t) {
      if (e.code === "interrupted" || t.aborted) throw e;
      let s = this.#t.now();
      if (this.#s ??= s, s - this.#s >= Ai) throw e;
      this.#n.changed(e);
    }
  };
var Bl = { start: .25, gap: .5 },
  Ms = class {
    #e = "held";
    #t = 0;
    underruns = 0;
    get isFlowing() {
      return this.#e === "flowing";
    }
    begin() {
      this.hold(), this.#t = Bl.start;
    }
    hold() {
      this.isFlowing && (this.#e = "held");
    }
    ranDry() {
      this.#e = "gap", this.#t = Bl.gap, this.underruns++;
    }
    wrote() {
      let e = this.#e === "gap";
      return this.#e = "flowing", e;
    }
    isShort(e, { bytes: t, hasRoom: s, isComplete: r }) {
      return (t >= ie(e) * this.#t || r || !s) && (this.#t = 0), this.#t > 0;
    }
  };
var Hl = { first: .3, step: .1, most: .7 },
  np = .1,
  Os = class {
    ratio = 1;
    #e = 1 / 0;
    #t = null;
    #n = !0;
    #s = Hl.first;
    note(e, t) {
      if (this.#e = Math.min(this.#e, e), this.#t ??= t, t - this.#t < 1e4) {
        return 0;
      }
      let s = this.#e - this.#s;
      if (this.#n && s > np) return this.#n = !1, this.skipped(), s;
      this.#n = !1;
      let r = (this.#e - this.#s) / 60;
      return this.ratio = 1 + Math.max(-.001, Math.min(r, .001)),
        this.#e = 1 / 0,
        this.#t = t,
        0;
    }
    ranDry() {
      let { step: e, most: t } = Hl;
      this.#s = Math.min(this.#s + e, t), this.#n = !0, this.skipped();
    }
    skipped() {
      this.#t = null, this.#e = 1 / 0;
    }
  };
var Ts = class {
  #e;
  #t = new Os();
  #n = null;
  surplusSeconds = 0;
  ready;
  constructor(e, t) {
    let { channels: s, rate: r } = e;
    this.#e = e,
      this.ready = t({ channels: s, fromHz: r, toHz: r }).then(
        (i) => void (this.#n = i),
        () => {},
      );
  }
  follow(e, t, s) {
    let r = this.#n;
    if (!r) return e;
    let i = t / ie(this.#e);
    this.surplusSeconds += this.#t.note(i, s), r.ratio = this.#t.ratio;
    let { channels: o } = this.#e, l = mt(Tn(this.#e, e), o);
    return pt(this.#e, r.process(l));
  }
  ranDry() {
    this.#t.ranDry();
  }
  skipped() {
    this.#t.skipped();
  }
};
var sp = 256,
  Cs = class {
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
        throw new v(
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
      this.#r > sp || t > e || (this.#e.copyWithin(0, this.#s, t), this.#s = 0);
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
var rp = 50,
  ip = 6e4,
  Fs = class {
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
      if (r < 0) return Math.min(Math.ceil(-r), ip);
      let i = r > rp ? ai(e, r / 1e3) : 0;
      return this.#e = { is: "late", bytes: i }, 0;
    }
    get lateBytes() {
      return this.#e.is === "late" ? this.#e.bytes : 0;
    }
    skipped(e) {
      this.#e.is === "late" && (this.#e.bytes -= e);
    }
  };
var op = .1,
  ql = 256 * 1024,
  ap = 1.5,
  Wl = .25,
  Ns = class {
    #e;
    #t;
    #n;
    #s = new ve();
    #r = new Cs(0, ql);
    #i = new Ms();
    #o = new Fs();
    #a = null;
    #l = !1;
    #u = !1;
    #c = !1;
    #h = !1;
    #f = null;
    #p = null;
    #m = 0;
    #v = null;
    #y = 1;
    writtenBytes = 0;
    constructor(e, t, s) {
      this.#e = e, this.#t = t, this.#n = s;
    }
    set gain(e) {
      this.#y = e, this.#e.setGain(e);
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
      return this.#m;
    }
    get isComplete() {
      return this.#u;
    }
    get heardBytes() {
      if (this.#f) return this.#f.heardByte();
      let e = this.#e.unheardBytes(this.#t);
      return Math.max(0, this.#m - Math.round(e));
    }
    get runFromBytes() {
      return this.#v ?? this.#m;
    }
    begin(e, t, s) {
      this.#a = e,
        this.#m = t,
        this.#v = null,
        this.#r.widen(s),
        this.#u = !1,
        this.#p = null,
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
      let { openResampler: t } = this.#e;
      if (t && (this.#p ??= new Ts(e, t)), !this.#h) return this.#g(e, Wl);
      let s = ap * ie(e);
      this.#r.bytes <= s ||
        (this.#g(e, Wl), this.#i.underruns++, this.#p?.skipped());
    }
    #d(e) {
      let { surplusSeconds: t = 0 } = this.#p ?? {};
      if (t === 0) return;
      this.#p.surplusSeconds = 0;
      let s = this.#r.bytes / ie(e);
      this.#g(e, Math.max(0, s - t));
    }
    #g(e, t) {
      let s = Math.round(t * e.rate) * W(e), r = $e(e, this.#r.bytes - s);
      if (r <= 0) return;
      let { length: i } = this.#r.shift(r);
      this.#m += i, this.#n.used(i);
    }
    complete() {
      this.#u = !0, this.#s.notify();
    }
    lend(e) {
      this.#f = e, this.#s.notify();
    }
    take(e) {
      let t = this.#r.shift(e);
      return this.#m += t.length,
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
        this.#v = null,
        await Promise.resolve();
      try {
        await this.#_();
      } finally {
        e.abort();
      }
    }
    async #_() {
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
        if (
          t.pacer && await this.#p?.ready,
            this.#c || this.#l || this.#f || this.#a !== e
        ) continue;
        let s = this.#t.now(), r = t.pacer ? this.#o.waitMs(e, s) : 0;
        if (r > 0) {
          await this.#k(r);
          continue;
        }
        this.#b(), this.#h || (this.#h = !0, this.#n.opened(t.sink.label));
        let i = $e(e, this.#r.bytes);
        if (i === 0 && this.#u) return;
        await this.#x(e, i, t);
      }
    }
    #k(e) {
      return this.#s.notifiedWithin(e, this.#t);
    }
    #b() {
      let { lateBytes: e } = this.#o;
      if (e === 0) return;
      let { length: t } = this.#r.shift(e);
      t !== 0 && (this.#o.skipped(t), this.#m += t, this.#n.used(t));
    }
    async #x(e, t, { sink: s, pacer: r, writtenBytes: i }) {
      let o = this.#t.now(),
        l = this.room > 0,
        u = { bytes: t, hasRoom: l, isComplete: this.#u };
      if (t === 0 || this.#i.isShort(e, u)) return await this.#S(r, o);
      let c = ie(e) * op,
        f = Math.min(t, Math.max(c, W(e))),
        d = this.#w({ sink: s, pacer: r, writtenBytes: i }, o),
        p = r ? r.due(o) + d : ql;
      if (r && p < f) return await this.#k(Math.max(1, r.msUntilDue(f - d, o)));
      let m = this.#r.shift(Math.min(t, $e(e, p)));
      this.#v ??= this.#m,
        this.#m += m.length,
        this.writtenBytes += m.length,
        this.#n.used(m.length);
      let b = r && this.#p ? this.#p.follow(m, t + r.unheard(o) - d, o) : m;
      r?.wrote(b.length, o),
        this.#d(e),
        this.#i.wrote() && this.#n.gapOver(),
        await this.#e.write(s, b, this.#y),
        r || this.#r.release();
    }
    #w({ sink: e, pacer: t, writtenBytes: s }, r) {
      let i = this.#p && e.heard?.();
      if (!t || !i) return 0;
      let o = Math.floor(i.frames) * W(e.format);
      return t.unheard(r) - (s - o);
    }
    async #S(e, t) {
      if (!e || !this.#i.isFlowing) return this.#s.notified();
      if (!e.isDry(t)) {
        let s = e.unheard(t) / e.bytesPerMs;
        return await this.#k(Math.ceil(s));
      }
      this.#i.ranDry(), this.#p?.ranDry(), this.#n.gap();
    }
  };
var lp = 500;
function Gl(n, e, { over: t, problem: s }) {
  let r = !e.paused && !t && s === null;
  return {
    type: "state",
    stream: n,
    position: r ? e.positionSeconds : up(e, t),
    playing: r,
    volume: e.volume,
    underruns: e.underruns,
    ...s !== null && { problem: cp(s) },
    ...e.step && { step: e.step },
  };
}
function up({ positionSeconds: n, lengthSeconds: e }, t) {
  if (e === null) return n;
  if (t) return e;
  let s = Math.max(0, e - yl - .001);
  return Math.min(n, s);
}
function cp(n) {
  return [...n].slice(0, lp).join("");
}
var Ds = class {
  #e;
  #t;
  #n;
  #s;
  #r;
  #i;
  #o = { is: "playing" };
  #a;
  #l = new Oe();
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
        ? new As(s, r, {
          changed: (o) => this.#b(o),
          goBack: (o) => this.#x(o),
        })
        : null,
      this.#t = new Ns(s, s.clock ?? r, {
        used: (o) => {
          this.#n.drained(), t.used?.(o);
        },
        opened: (o) => this.#l.notify((l) => l.started?.(this.state, o)),
        gap: () => this.#d(),
        gapOver: () => this.#d(),
      }),
      this.#n = new Ss(this.#t, {
        changed: () => this.#d(),
        end: (o) => this.#v(o),
        unplayable: (o) => this.#k(M(o)),
      });
  }
  async run(e, t) {
    let s = this.#e, r = t?.begins ?? null;
    this.#c = r === null;
    try {
      let i = s.start(this.#n, e);
      return await this.#w(i, r && this.#y(r)), await s.finish?.(), this.soFar;
    } catch (i) {
      throw s.stop?.("ended"), i;
    } finally {
      this.#n.close(),
        (this.skipped || !t?.isFollowed()) && this.#d(),
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
      positionSeconds: r ?? De(s, e.heardBytes),
      lengthSeconds: s.dataBytes === null ? null : De(s, s.dataBytes),
      bufferedSeconds: De(s, e.bufferedBytes),
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
      o = r ? De(r, e) : 0,
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
    this.#d();
  }
  continueWith(e) {
    return !this.skipped && (this.#e.continueWith?.(e) ?? !1);
  }
  pause() {
    this.#t.pause(), this.#d();
  }
  resume() {
    this.#t.resume(), this.#d();
  }
  get volume() {
    return this.#h;
  }
  set volume(e) {
    let t = this.#h;
    this.#h = Math.min(100, Math.max(0, e)),
      this.#m(),
      this.#d(),
      this.#h !== t && this.#l.notify((s) => s.volume?.(this.#h));
  }
  set gain(e) {
    this.#f = e, this.#m();
  }
  #m() {
    this.#t.gain = this.totalGain;
  }
  get totalGain() {
    return this.#p ? 0 : this.#f * this.#h / 100;
  }
  set muted(e) {
    this.#p = e, this.#m();
  }
  get problem() {
    let e = this.#o;
    return e.is === "failing" ? e.problem.message : this.#u;
  }
  set problem(e) {
    e !== this.#u && (this.#u = e, this.#d());
  }
  seek(e) {
    return this.#e.seek(e);
  }
  skip(e = "skipped") {
    this.#v(e), this.#t.drop(), this.#e.stop?.("ended");
  }
  supersede() {
    this.#e.stop?.("superseded"),
      !this.#t.over && !this.#t.borrower && (this.#t.drop(), this.#a.cut()),
      this.#v("replaced"),
      this.#e.used?.(this.#n.clear());
  }
  #v(e) {
    let t = this.#o.is === "failing";
    this.skipped || (this.#o = { is: "skipped", reason: e }),
      this.#n.close(),
      t && this.#d();
  }
  async #y(e) {
    let { closed: t } = this.#n;
    await Promise.race([e, gs(t)]);
    let s = this.#t.borrower?.unheardMs() ?? this.#a.unheardMs(this.#r);
    this.#r.sleep(s, t).then(() => {
      t.aborted || (this.#c = !0, this.#d());
    });
  }
  #d() {
    this.#c && this.#e.report?.((e) => this.#g(e));
  }
  #g(e) {
    return Gl(e, this.state, {
      over: this.#t.over && !this.#_,
      problem: this.problem,
    });
  }
  get #_() {
    let { clock: e } = this.#a;
    return this.#t.paused && !this.skipped && e !== null &&
      this.#a.unheardBytes(e) > 0;
  }
  #k(e) {
    if (this.#i === null) return this.#n.fail(e);
    this.#b(e), this.#r.sleep(Ai, this.#n.closed).then(() => this.#n.fail(e));
  }
  #b(e) {
    this.skipped ||
    (this.#o = e ? { is: "failing", problem: e } : { is: "playing" }),
      this.#d(),
      this.#l.notify((t) => t.problem?.(e));
  }
  #x(e) {
    let { format: t } = this.#e;
    t !== null && this.seek(De(t, e));
  }
  async #w(e, t) {
    let { closed: s, failed: r } = this.#n;
    using i = ws(this.#s);
    let o = () => this.#i?.run(this.#t, s) ?? this.#t.run(),
      l = t ? t.then(o) : o();
    await Promise.race([
      Promise.all([Promise.race([e, gs(s)]), l]),
      r,
      i.promise,
    ]);
  }
};
function Vl(n, e) {
  let { atUs: t, offsetUs: s, drift: r } = n;
  return e + s + (e - t) * r;
}
function Kl(n) {
  return n < 20 ? 1e3 : 5e3;
}
var Is = class {
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
        this.#r = hp(this.#e));
  }
  #i(e) {
    this.#e = [], this.#r = null, this.#s = e;
  }
};
function hp(n) {
  let { atUs: e } = n[n.length - 1],
    t = (n[0].atUs + e) / 2,
    s = n[0].mostUs,
    r = zl(n.map((w) => ({ x: w.atUs - t, y: w.mostUs - s }))),
    i = zl(n.map((w) => ({ x: w.atUs - t, y: s - w.leastUs }))),
    o = (w) => {
      let [O, E] = [1 / 0, -1 / 0];
      for (let { x: B, y: re } of r) O = Math.min(O, re - B * w);
      for (let { x: B, y: re } of i) E = Math.max(E, -re - B * w);
      return { most: O, least: E };
    },
    l = Xl(n.map((w) => w.mostUs - w.leastUs)),
    u = Yl((w) => o(w).most - o(w).least),
    { most: c, least: f } = o(u),
    d = Math.max(5, (l - (c - f)) / 2),
    p = (w) => {
      let { most: O, least: E } = o(w);
      return (O - E) * n.length / d - (w / 1e-4) ** 2 / 2;
    },
    [m, b] = fp(p, (w) => {
      let { most: O, least: E } = o(w);
      return (O + E) / 2 + (e - t) * w;
    }),
    D = n.slice(-60).map((w) => w.mostUs - w.leastUs).sort((w, O) => w - O);
  return { atUs: e, offsetUs: s + b, drift: m, rttUs: Xl(D.slice(0, 5)) };
}
function fp(n, e) {
  let t = Yl(n),
    s = n(t),
    [r, i, o] = [0, 0, 0],
    l = (f) => {
      let d = Math.exp(n(f) - s);
      r += d, i += d * f, o += d * e(f);
    },
    u = (f) => n(t + f) < s - 5 && n(t - f) < s - 5,
    c = 3e-4 / 2 ** 20;
  for (; c < 2 * 3e-4 && !u(c);) c *= 2;
  for (let f = -12; f <= 12; f++) l(t + c * f / 12);
  return [i / r, o / r];
}
function zl(n) {
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
function Yl(n) {
  let [e, t] = [-3e-4, 3e-4];
  for (let s = 0; s < 32; s++) {
    let r = (t - e) / 3;
    n(e + r) < n(t - r) ? e += r : t -= r;
  }
  return (e + t) / 2;
}
function Xl(n) {
  return n.reduce((e, t) => e + t, 0) / n.length;
}
var Jl = 8,
  Zl = 1e3,
  Rs = class {
    #e;
    #t;
    #n = new Is();
    #s = new ve();
    #r = null;
    #i = !1;
    #o = () => {};
    constructor(e, t) {
      this.#e = e.clock,
        this.#t = t,
        e.listen({
          opened: (s) => {
            s.welcome.then((r) => {
              Se(r, "groups") && this.#a(s, r.clock);
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
        await this.#u(e, s, Jl);
      for (let r = 0; e.failure === null;) {
        if (!this.#i) {
          r = 0, await this.#s.notified();
          continue;
        }
        await this.#u(e, s, 3), await this.#l(e, s, Kl(++r));
      }
    }
    async #l(e, t, s) {
      for (let r = s; r > 0 && !e.over.aborted; r -= Zl) {
        await this.#e.sleep(Math.min(r, Zl), e.over);
        let i = this.#e.now() * 1e3;
        this.#n.checkClocks(i, this.#t() * 1e3) && await this.#u(e, t, Jl);
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
function Ql({ estimate: n }, e) {
  return n && Vl(n, e * 1e3);
}
var Ls = class {
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
var Ps = class {
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
    return t === null || Number.isNaN(e(t.clock)) ? null : xt(t, e(t.clock));
  }
  behindUs(e, t, s) {
    let r = this.#s(s);
    if (r === null) return null;
    let i = ki(r, e, t);
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
    let u = xt(i, l),
      f = o !== null && o.row !== i.row
        ? xt(i, l + o.sinceUs - e(o.clock))
        : null,
      d = u.kind === "ended" && o?.row !== i.row;
    for (let { id: p } of i.row) {
      d || p < u.take.id
        ? s.delete(p)
        : f === null
        ? s.add(p)
        : p <= f.take.id && f.kind !== "paused" && r.add(p);
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
    let { kind: s, take: r } = xt(t, e(t.clock)), i = t.row.indexOf(r);
    if (s !== "playing" || i < 2) return;
    let { id: o, fromFrame: l } = r, u = ki(t, o, l);
    t.row.splice(0, i - 1), this.#t = { ...t, take: o, frame: l, atUs: u };
  }
  #o(e) {
    return [this.#e, this.#n?.row, this.#t?.row].find((s) =>
      s?.some(({ id: r }) => r === e)
    );
  }
  #a() {
    this.#n && !eu(this.#n) && (this.#n = null),
      this.#t && !eu(this.#t) && (this.#t = null);
  }
};
function eu({ row: n, take: e }) {
  return n.some(({ id: t }) => t === e);
}
var Us = class {
  #e = null;
  #t = 0;
  #n = 0;
  get errorUs() {
    return this.#e;
  }
  correct(e, t, s = null) {
    let r = Mi(e, 1e4),
      i = this.#e ?? r,
      o = Math.min(1, t / .2),
      l = this.#e = i + (r - i) * o;
    if (this.#n = Math.abs(e) > 1e4 ? this.#n + t : 0, this.#n >= .05) {
      return { is: "jump" };
    }
    let u = Math.max(0, Math.abs(l) - 10), c = Math.sign(l) * u / 1e6;
    if (s !== null && Math.abs(l) < 300) {
      let d = c * t / 4;
      this.#t = Mi(this.#t + d, 5e-4);
    }
    let f = c / .5 + this.#t + (s ?? 0);
    return { is: "ratio", ratio: 1 + Mi(f, .003) };
  }
  begin() {
    this.#e = null, this.#n = 0;
  }
};
function Mi(n, e) {
  return Math.max(-e, Math.min(e, n));
}
var mp = .3,
  $s = 100,
  dp = 1e3,
  js = class {
    output;
    format;
    leadSeconds;
    #e;
    #t;
    #n = null;
    constructor(e, t) {
      this.output = e,
        this.format = e.sink.format,
        this.leadSeconds = e.sink.leadSeconds ?? mp,
        this.#e = W(this.format),
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
      return t.heard !== void 0 && t.grade === "exact" && e - this.#t < dp
        ? null
        : this.#s(e);
    }
    wrote(e) {
      this.#n ??= e + $s - this.writtenFrames * 1e3 / this.format.rate;
    }
    #s(e) {
      let t = this.writtenFrames * 1e3 / this.format.rate,
        s = (this.#n ?? e + $s - t) + t;
      return s >= e ? s : (this.#n = e + $s - t, e + $s);
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
function tu({ offset: n, format: e }) {
  let t = Math.max(0, n - e.dataOffset);
  return Math.ceil(t / W(e));
}
function nu(n, e) {
  let { format: t, entry: s = 0 } = e,
    { rate: r, dataBytes: i } = t,
    o = i === null ? null : i / W(t) - tu(e),
    l = o === null ? null : Math.max(o, .001);
  return { id: n, entry: s, rateHz: r, fromFrame: 0, endFrame: l };
}
var yp = 1.5,
  vp = 4 << 20,
  gp = 4096,
  Bs = class {
    take;
    format;
    #e;
    #t;
    #n;
    #s = new Hs();
    #r = new Hs();
    constructor(e, t, s) {
      this.take = e,
        this.format = t.format,
        this.#e = s,
        this.#t = tu(t),
        this.#n = W(t.format);
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
      let { rate: r } = this.format, i = Math.round(yp * r) * this.#n;
      return this.#s.trim(Math.min(i, vp)), s;
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
        let s = Math.min(e - this.nextFrame, this.frames, gp);
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
  Hs = class {
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
var qs = class {
  #e = new Map();
  #t = 0;
  get isEmpty() {
    return this.#e.size === 0;
  }
  add(e, t, s) {
    let r = nu(++this.#t, t.start),
      i = e.lend(s(r.id)),
      o = new Bs(r.id, t.start, i);
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
var ru = ["FL", "FR"],
  Ws = ["FL", "FR", "FC", "LFE", "BL", "BR"],
  tb = [...Ws, "SL", "SR"],
  te = Math.SQRT1_2,
  iu = {
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
  su = iu.FC;
function ou(n, e) {
  let t = e.map(() => n.map(() => 0));
  n.forEach((i, o) => {
    let [l, ...u] = wp(i, e);
    for (let c of u) t[e.indexOf(c)][o] = l;
  });
  let s = t.map((i) => i.reduce((o, l) => o + l, 0)), r = Math.max(1, ...s);
  return t.map((i) => i.map((o) => o / r));
}
function wp(n, e) {
  return n !== null && e.includes(n)
    ? [1, n]
    : (n === null ? su : iu[n]).find(([, ...s]) =>
      s.every((r) => e.includes(r))
    ) ?? su[0];
}
function au(n) {
  return n.every((e, t) =>
    e.length === n.length && e.every((s, r) => s === +(t === r))
  );
}
function lu(n, e) {
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
function Gs(n, e) {
  let t = (o) => Tn(n, o);
  if (ba(ht(n))) return { channels: n.channels, planes: t };
  let r = n.channels > 2 && e >= Ws.length ? Ws : ru, i = ou(wa(n), r);
  return au(i)
    ? { channels: r.length, planes: t }
    : { channels: r.length, planes: (o) => lu(t(o), i) };
}
var bp = 441,
  xp = 3,
  zs = class {
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
      return this.#n.size > xp && this.#n.delete(r), s;
    }
    async begin(e) {
      this.#i = [], await this.#m(e);
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
      return s ? await this.#m(s) : this.#s = null, r;
    }
    #l(e) {
      let t = e.nextFrame - this.#r.delayFrames,
        s = e.read(Math.min(bp, e.frames)),
        r = this.#c(_p(e.format, s, this.#t)),
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
    async #m(e) {
      let t = await this.prepare(e.format.rate);
      t.reset(),
        this.#r = t,
        this.#s = e,
        this.#o = Math.max(0, Math.round(t.delayFrames / this.step));
    }
  };
function _p(n, e, { channels: t }) {
  return mt(Gs(n, t).planes(e), t);
}
var kp = .05,
  Ep = .002,
  Sp = 2,
  Xs = class {
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
        this.#s = new zs(r, s),
        this.#r = i,
        this.#a = o,
        this.#i = l;
    }
    async prepare() {
      for (let [e, t] of this.#t.entries().slice(0, Sp)) {
        try {
          await this.#s.prepare(t.pcm.format.rate);
        } catch (s) {
          this.#t.remove(e), t.playback.fail(Ap(t, s));
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
        let f = s / this.#n.rate, d = this.#r.correct(c, f, r);
        if (d.is === "jump") return await this.#c(s);
        i.ratio = d.ratio;
      }
      return await this.#l(l, s);
    }
    async #l(e, t) {
      let s = this.#s,
        { channels: r } = this.#n,
        i = await s.take(t, (u) => this.#h(u));
      if (
        s.next && s.next.frame >= 0 && this.#i(s.next.take),
          this.#o && Oi(i, r, this.#f, 0, 1),
          this.#o = !1,
          i.length === t * r
      ) return i;
      let o = s.next !== null;
      o && this.#t.get(e)?.pcm.missed(),
        s.stop(),
        o && Oi(i, r, i.length / r, 1, 0);
      let l = new Float32Array(t * r);
      return l.set(i), l;
    }
    async #u({ take: e, frame: t }) {
      let s = this.#t.get(e.id)?.pcm;
      if (!s) return !1;
      let r = this.#a === e.id;
      if (this.#a = null, !r && !s.moveTo(Math.round(t))) return !1;
      let i = s.isComplete ? 1 : s.format.rate * kp;
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
      this.#s.stop(), Oi(r, t, r.length / t, 1, 0);
      let i = new Float32Array(e * t);
      return i.set(r), i;
    }
    #h(e) {
      return this.#t.get(this.#e.followerOf(e))?.pcm ?? null;
    }
    get #f() {
      return Math.round(this.#n.rate * Ep);
    }
  };
function Ap({ stream: n, pcm: e }, t) {
  return new v(
    "unsupported",
    `Cannot play ${n.start.song} in step: its sample rate is ${e.format.rate} Hz`,
    { cause: t },
  );
}
function Oi(n, e, t, s, r) {
  let i = Math.min(t, n.length / e);
  for (let o = 0; o < i * e; o++) n[o] *= s + (r - s) * Math.floor(o / e) / t;
}
var Mp = .01,
  Op = 20,
  Tp = 6e4,
  Cp = 2e3,
  uu = { first: 100, later: 5e3 },
  Fp = 4e3,
  Np = 1,
  Dp = 50,
  Vs = class {
    delayMs = 0;
    #e;
    #t;
    #n;
    #s;
    #r = new Ps();
    #i = new qs();
    #o = new Us();
    #a = new ve();
    #l = { is: "closed" };
    #u = null;
    #c = null;
    #h = null;
    #f;
    #p = { what: "", atMs: -1 / 0 };
    #m = 0;
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
        e.over.addEventListener("abort", () => this.#S(l.id)),
        this.#r.start(l, o),
        this.#e.serverClock.active = !0,
        this.#l.is !== "writing" &&
        (this.#l = { is: "writing", done: this.#v(this.#l) }),
        this.#x(),
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
        this.#x(),
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
        s = this.#A(this.#u?.soundsAtMs(this.#n.now())),
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
      let t = (this.#u?.leadSeconds ?? Np) * 1e3 + Dp + this.delayMs;
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
    async #v(e) {
      await (e.is === "ending" ? e.done : null), this.#m = this.#n.now();
      let t = !1;
      for (; this.#y;) {
        if (this.#w()) {
          await this.#t.abort(),
            this.#i.isEmpty && (this.#l = { is: "closed" });
          continue;
        }
        let s = this.#n.now(), r = () => this.#n.now() - s >= Fp;
        try {
          await this.#d(() => {
            !t || !r() || (t = !1, this.#s.problem(null));
          });
        } catch (i) {
          let o = t ? uu.later : uu.first;
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
    async #d(e) {
      let t = this.#h;
      this.#h = null;
      let s = this.#u = await this.#g(t !== null),
        r = this.#c = new Xs({
          line: this.#r,
          songs: this.#i,
          control: this.#o,
          openResampler: this.#e.openResampler,
          layout: s.format,
          adopted: t,
          sounds: (o) => this.#b(o),
        }),
        i = Math.round(s.format.rate * Mp);
      for (; this.#y && !this.#w();) {
        this.#t.throwIfFailed(),
          await r.prepare(),
          s.dueFrames(this.#n.now()) >= i
            ? (await this.#_(s, r, i), e())
            : await this.#a.notifiedWithin(Op, this.#n),
          this.#x();
      }
    }
    async #g(e) {
      let { layout: t = _a } = this.#e,
        { present: s } = this.#t,
        r = s?.sink.format,
        i = r && (ft(r, t) || e && r.channels === t.channels);
      i || await this.#t.abort();
      let o = i ? s : await this.#t.for(t);
      return new js(o, this.#n.now());
    }
    async #_(e, t, s) {
      let { format: r, output: i } = e,
        o = this.#n.now(),
        l = e.soundsAtMs(o),
        u = this.#A(l),
        c = Math.min(this.#r.untilChangeUs(u), 1e6),
        f = Math.round(c * r.rate / 1e6),
        d = Math.max(1, Math.min(s, f)),
        p = this.#k(e),
        m = await t.samples({ frames: d, time: u, drift: p }),
        b = d * r.channels * r.bits / 8,
        D = m ? pt(r, m) : Aa(r, b),
        w = this.#i.get(this.#f)?.playback.totalGain ?? 1;
      await this.#t.write(i.sink, D, m ? w : 1), e.wrote(o);
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
    #x() {
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
      !(o !== this.#p.what) && s - this.#p.atMs < Cp ||
        (this.#p = { what: o, atMs: s }, i.playback.report());
    }
    #w() {
      let e = this.#n.now();
      return this.#i.isEmpty || (this.#m = e), e - this.#m >= Tp;
    }
    #S(e) {
      this.#i.get(e)?.playback.skipped &&
        (this.#i.remove(e), e >= (this.#f ?? 0) && this.#r.stop(e));
    }
    #E = (e) => this.#A(this.#n.now())(e);
    #A(e) {
      return (t) => e == null ? NaN : Ql(t, e + this.delayMs) ?? NaN;
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
var Ti = 100,
  Ks = class {
    #e;
    #t;
    #n;
    #s;
    #r = new Ls();
    #i = Ti;
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
      let o = new Rs(t, r.wallMs);
      return new Vs({ ...r, serverClock: o }, s, t.clock, {
        sounds: (l) => this.#v(l),
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
      i || this.#d(r + 1);
      let o = this.#_(e, t);
      if (!i) {
        let u = this.#r.last?.written;
        return this.#m(o, t ?? null, u ?? this.#f(t), s), o;
      }
      this.#r.all().every(({ begin: u }) => u) || this.#d(0);
      let l = Promise.withResolvers();
      return this.#m(o, t, l.promise, void 0, l.resolve), this.#s.add(o, t), o;
    }
    #c(e) {
      let t = this.#r.first;
      return !(t?.cast?.session.failure && e.start.group !== void 0) ||
          t.begin || !t.playback.continueWith(e)
        ? !1
        : (this.#d(1), t.cast = e, !0);
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
      r && t && ft(r, t.start.format) || await s.abort();
    }
    #m(e, t, s, r, i = null) {
      let { promise: o, resolve: l } = Promise.withResolvers();
      this.#r.add({ playback: e, cast: t, written: o, begin: i }),
        this.#k(e, l, s, r).catch((u) => this.#t.failed(M(u)));
    }
    #v(e) {
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
        t && this.#l !== e && this.#g(e),
        this.#r.remove(e),
        this.playing === null && this.#t.idle();
    }
    end() {
      this.#d(0), this.#s?.end();
    }
    #d(e) {
      for (let [t, { playback: s }] of this.#r.cut(e).entries()) {
        s.supersede(), e + t === 0 && this.#l !== s && this.#g(s);
      }
    }
    #g(e) {
      this.#l = e, this.#e.listener.end(e.soFar, e.skipped);
    }
    #_(e, t) {
      let { link: s, output: r, listener: i } = this.#e,
        { clock: o, signal: l } = s,
        u = new Ds({
          source: new Es({ link: s, song: e, cast: t, reconnectMs: 1 / 0 }),
          output: r,
          clock: o,
          signal: l,
          outlivesPlayer: this.#n,
        });
      return this.#e.gainOf?.(e).then((c) => u.gain = c),
        u.volume = this.#i,
        u.muted = this.#o,
        u.problem = this.#a,
        u.listen({
          started: (c, f) => this.#r.announce(u, () => i.start(u, c, f)),
          problem: (c) => c ? i.problem(c) : i.recovered?.(),
        }),
        u;
    }
    async #k(e, t, s, r) {
      let { output: i, listener: o } = this.#e, l = () => this.#r.isFollowed;
      try {
        if (await e.run(r, { begins: s, isFollowed: l }), !this.#r.find(e)) {
          return;
        }
        let u = this.playing !== e;
        u || this.#g(e),
          !u && !l() && !this.#b(e) && this.#r.find(e) && await this.#x(e);
      } catch (u) {
        if (!this.#r.find(e)) return;
        let c = M(u);
        if (!this.#w(c)) throw c;
        (!cu(c) || !l()) && !this.#b(e) && await i.abort(), o.problem(c);
      } finally {
        t();
      }
      this.#r.remove(e), this.playing === null && this.#t.idle();
    }
    #b(e) {
      return (this.#r.find(e)?.begin ?? null) !== null;
    }
    async #x(e) {
      try {
        await this.#e.output.end();
      } catch (t) {
        throw e.problem = M(t).message, t;
      }
    }
    #w(e) {
      return cu(e) || this.#n && Ip(e);
    }
  };
function cu(n) {
  return ee(n) ||
    ["changed", "not-found", "not-wav", "unsupported"].includes(n.code);
}
function Ip({ code: n }) {
  return ["player-failed", "no-player", "output-failed"].includes(n);
}
var Ys = class {
  #e;
  #t;
  #n;
  #s;
  #r = new ve();
  #i = new AbortController();
  #o = null;
  #a = !0;
  #l = null;
  #u = null;
  constructor(e) {
    this.#e = e.link,
      this.#t = e.listener,
      this.#s = new hs(e.link, (t) => e.listener.problem(M(t))),
      this.#n = new Ks(e, {
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
    !this.playing && t && this.#d(t);
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
    return t === null ? e : new Te(this.#s, e, t);
  }
  stop() {
    this.#i.abort();
  }
  async run() {
    let { signal: e } = this.#e, t = AbortSignal.any([e, this.#i.signal]);
    using s = ws(t);
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
        control: ({ action: s, value: r }) => this.#m(s, r),
        closed: (s) => {
          e.isWelcome && !ee(s) && (this.#o = s), this.#r.notify();
        },
      }, t));
  }
  #m(e, t) {
    if (e === "mute") this.#n.muted = t === !0;
    else {
      if (typeof t == "boolean") return;
      e === "delay" ? this.#n.delayMs = t ?? 0 : tl(e) && this.#v(e, t ?? 0);
    }
  }
  #v(e, t) {
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
        !this.playing && this.volume !== Ti && this.#d(e));
  }
  #d(e) {
    let { problem: t, volume: s } = this;
    e.send({
      type: "state",
      stream: dl,
      position: 0,
      playing: !1,
      volume: s,
      underruns: 0,
      ...t !== null && { problem: t },
    });
  }
};
function hu(n, e) {
  return new Ci(n, e);
}
var Ci = class {
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
var Fi;
async function Ni(n) {
  Fi ??= WebAssembly.compileStreaming(fetch("/resampler.wasm"));
  try {
    return hu(await Fi, n);
  } catch (e) {
    throw e instanceof RangeError || (Fi = void 0), e;
  }
}
var Js = class {
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
    return this.#s === null ? null : e * this.#e + Wt(this.#s, e);
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
      i = Di(r.map((c) => c.excess)),
      o = r.filter((c) => Math.abs(c.excess - i) <= this.#a);
    if (o.length <= this.#t / 2) return;
    let l = o.reduce((c, f) => c + f.excess - Wt(this.#s, f.atMs), 0) /
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
      r = Di(this.#n.map((o) => o.excess - Wt(s, o.atMs))),
      i = this.#c(this.#u({ ...s, excess: r }));
    return this.#c(this.#u(i));
  }
  #u(e) {
    let t = (r) => Math.abs(r.excess - Wt(e, r.atMs));
    this.#i = Di(this.#n.map(t));
    let s = this.#a;
    return this.#n.filter((r) => t(r) <= s);
  }
  #c(e) {
    let t = (p) => e.reduce((m, b) => m + p(b), 0) / e.length,
      s = t((p) => p.atMs),
      r = t((p) => p.excess),
      i = { atMs: s, excess: r, slope: this.#r ?? 0 },
      l = (Math.max(this.#i, .05 * this.#e) / (3e-4 * this.#e)) ** 2,
      u = t((p) => (p.atMs - s) ** 2) + l / e.length,
      c = t((p) => (p.atMs - s) * (p.excess - Wt(i, p.atMs))),
      f = .002 * this.#e,
      d = i.slope + c / u;
    return { atMs: s, excess: r, slope: Math.min(Math.max(d, -f), f) };
  }
};
function Wt(n, e) {
  return n.excess + n.slope * (e - n.atMs);
}
function Di(n) {
  return Float64Array.from(n).sort()[n.length >> 1];
}
var Rp = 25,
  Ii = 150,
  Lp = .001,
  Pp = .002,
  Zs = class {
    #e = [];
    #t = null;
    likely(e, t) {
      let s = t - e;
      this.#e.push(s),
        this.#e.length > Ii && this.#e.shift(),
        Up(this.#e) && (this.#t = Gt(this.#e));
      let r = this.#t ?? s;
      return Math.abs(s - r) <= Pp ? e : t - r;
    }
  };
function Up(n) {
  if (n.length < Ii) return !1;
  let e = Ii / 2,
    t = Gt(n.slice(e)) - Gt(n.slice(0, e)),
    s = Gt(n),
    r = Gt(n.map((i) => Math.abs(i - s)));
  return Math.max(r, Math.abs(t)) <= Lp;
}
function Gt(n) {
  return Float64Array.from(n).sort()[n.length >> 1];
}
var _t = class {
  #e;
  #t;
  #n = new Zs();
  #s = 0;
  constructor(e) {
    this.#e = e, this.#t = this.#r();
  }
  heard(e) {
    let { state: t, sampleRate: s, currentTime: r } = this.#e;
    if (t !== "running") return this.#t = this.#r(), this.#n = new Zs(), null;
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
    return new Js(this.#e.sampleRate, Rp);
  }
};
var $p = .1,
  jp = .02,
  Qs = class {
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
        this.#o = new _t(e),
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
        this.#i += this.#a.length / W(this.format),
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
      let { rate: s } = this.format, r = W(this.format);
      for (;;) {
        this.#c() && (this.#r = this.#h());
        let i = e.length / r;
        for (; t && i > 0 && !fu(this.#r + i, s);) i--;
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
      return this.#r < (e + jp) * this.format.rate;
    }
    #h() {
      let { rate: e } = this.format,
        t = Math.ceil((this.#e.currentTime + $p) * e);
      for (; !fu(t, e);) t++;
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
function fu(n, e) {
  return n / e * e === n;
}
function pu(n) {
  return n.audioWorklet !== void 0;
}
var er = class n {
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
      this.#s = new _t(e),
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
var tr = class {
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
      i = Gs(e, r.maxChannelCount);
    return i.channels > r.channelCount && (r.channelCount = i.channels),
      pu(s) ? await er.open(s, e, i) : new Qs(s, e, i);
  };
  #r(e) {
    if (this.#t?.sampleRate === e) return this.#t;
    let t;
    try {
      t = new AudioContext({ sampleRate: e });
    } catch (r) {
      throw new v(
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
function Li() {
  let n = crypto.getRandomValues(new Uint8Array(16));
  n[6] = n[6] & 15 | 64, n[8] = n[8] & 63 | 128;
  let e = Array.from(n, (t) => t.toString(16).padStart(2, "0"));
  return [[0, 4], [4, 6], [6, 8], [8, 10], [10, 16]].map(([t, s]) =>
    e.slice(t, s).join("")
  ).join("-");
}
var Bp = 32, Hp = 500, qp = 150, mu = "ondacast.device", du = "ondacast.device";
async function yu() {
  let n = navigator.locks ? Gp : zp(),
    e = Xp(),
    t = Array.from({ length: Bp }, (s, r) => r + 1);
  for (let s of e === null ? t : [e, ...t]) {
    if (await n(s, s === e)) return Vp(s), Wp(s);
  }
  return Li();
}
function Wp(n) {
  let e = ue(`device.${n}`);
  if (e) return e;
  let t = Li();
  return pe(`device.${n}`, t), t;
}
var Gp = (n, e) =>
  new Promise((t) => {
    let s = e ? { signal: AbortSignal.timeout(Hp) } : { ifAvailable: !0 };
    navigator.locks.request(
      `${mu}.${n}`,
      s,
      (r) => (t(r !== null), r === null ? void 0 : new Promise(() => {})),
    ).catch(() => t(!1));
  });
function zp() {
  let n = new BroadcastChannel(mu),
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
      r = () => l(!1), setTimeout(() => l(!0), qp), i("mine?");
    }),
    s);
}
function Xp() {
  try {
    return Number(sessionStorage.getItem(du)) || null;
  } catch {
    return null;
  }
}
function Vp(n) {
  try {
    sessionStorage.setItem(du, String(n));
  } catch {}
}
var nr = class {
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
var Kp = 1 << 20,
  Yp = 20,
  sr = class {
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
              new Pi(t, (i) => {
                this.receivedBytes += i;
              }),
            ),
            t.onerror = () =>
              r(new v("unreachable", `Cannot reach the server ${this.place}`));
        });
    }
  },
  Pi = class {
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
        this.#e.bufferedAmount > Kp && !this.#n;
      ) await new Promise((t) => setTimeout(t, Yp));
      if (this.#n) throw new v("lost", `Lost the connection to ${this.peer}`);
    }
    closeWrite() {
      return this.#e.close(1e3), Promise.resolve();
    }
    close() {
      this.#e.close(1e3), this.#n = !0, this.#s();
    }
  };
var Jp = [
    [/\bEdgA?\//, "Edge"],
    [/\bOPR\//, "Opera"],
    [/\b(Firefox|FxiOS)\//, "Firefox"],
    [/\b(HeadlessChrome|Chrome|Chromium|CriOS)\//, "Chrome"],
    [/\bSafari\//, "Safari"],
  ],
  Zp = [
    [/\biPhone\b/, "iPhone"],
    [/\biPad\b/, "iPad"],
    [/\bAndroid\b/, "Android"],
    [/\bWindows\b/, "Windows"],
    [/\bMac OS X\b/, "Mac"],
    [/\bCrOS\b/, "ChromeOS"],
    [/\bLinux\b/, "Linux"],
  ];
function vu(n) {
  let e = (r) => r.find(([i]) => i.test(n))?.[1],
    t = e(Jp) ?? "Browser",
    s = e(Zp);
  return s ? `${t} on ${s}` : t;
}
var Qp = 1 << 20,
  em = "waiting for a tap on the page, because the browser mutes it",
  rr = class {
    connection = x({ state: "connecting" });
    welcome = x(null);
    name = x(ue("name") ?? vu(navigator.userAgent));
    receiving = x(ue("receive") !== "no");
    silenced = x(!1);
    clock = new nr();
    connector;
    link;
    receiver;
    #e = new tr(this.clock);
    #t;
    #n = () => {};
    constructor(e) {
      this.#e.onSilenced = (t) => {
        this.silenced.value = t, this.receiver.problem = t ? em : null;
      },
        this.#t = {
          name: this.name.value,
          device: "",
          token: ue("token") ?? void 0,
          receive: this.receiving.value,
        },
        this.connector = new sr(yu().then((t) => void (this.#t.device = t))),
        this.link = new cs({
          connector: this.connector,
          clock: this.clock,
          identity: this.#t,
          windowBytes: Qp,
          signal: new AbortController().signal,
        }),
        this.link.listen({
          away: () => this.connection.value = { state: "away" },
          opened: (t) => this.#s(t),
        }),
        this.receiver = new Ys({
          link: this.link,
          output: new vs(this.#e.open, this.#e, Ni),
          step: { openResampler: Ni, wallMs: () => this.clock.wallMs() },
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
        pe("token", e, t),
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
        : { authorization: `Bearer ${tm(e)}`, "ondacast-device": t };
    }
    rename(e) {
      e !== this.name.value &&
        (this.name.value = this.#t.name = e,
          pe("name", e),
          this.connector.drop());
    }
    receive(e) {
      this.receiving.value = e,
        this.#t.receive = e,
        pe("receive", e ? "yes" : "no"),
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
function tm(n) {
  return String.fromCharCode(...new TextEncoder().encode(n));
}
function gu(
  { title: n, artist: e, album: t, cover: s },
  { paused: r, positionSeconds: i, lengthSeconds: o },
  l,
) {
  return {
    title: S(n),
    artist: S(e ?? `Ondacast on ${l}`),
    album: S(t ?? ""),
    cover: s,
    playing: !r,
    positionSeconds: i,
    lengthSeconds: o,
  };
}
function wu({ playing: n, song: e, seconds: t, atMs: s }, r, i) {
  if (i - s > 3e3) return !0;
  if (r === n) return !1;
  let o = r?.state ?? null;
  return o === null
    ? r === null
    : o.song !== e || Math.abs(o.positionSeconds - t) < 2;
}
var nm = 200,
  Ui = "play here",
  ir = class {
    tab;
    errands;
    choices = new ps();
    now = x(null);
    song = F(() => this.now.value?.song ?? null);
    paused = F(() => this.now.value?.state?.paused ?? !1);
    volume = x(100);
    dataRate = new ms();
    #e = [];
    #t = 0;
    #n = null;
    #s = null;
    #r = null;
    describe = (e) => ({
      title: Ee(e),
      artist: null,
      album: null,
      cover: null,
    });
    #i;
    constructor() {
      this.tab = new rr({
        start: () => this.#y(),
        end: (e, t) => this.#m(t),
        problem: (e) => {
          this.#p(e), this.#y();
        },
      }),
        this.errands = new ds(this.tab),
        this.volume.value = Number(ue("volume") ?? 100),
        this.tab.receiver.volume = this.volume.value,
        this.#i = new fs({
          play: () => this.resume(),
          pause: () => this.pause(),
          next: () => this.next(),
          previous: () => this.previous(),
          seek: (e) => this.seek(e),
          skip: (e) => this.skip(e),
        }),
        setInterval(() => this.#y(), nm);
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
      e instanceof Te
        ? e.skip()
        : this.#c && this.#t + 1 < this.#e.length
        ? (this.#t++, this.#h())
        : this.stop();
    }
    previous() {
      let e = this.#o;
      e instanceof Te
        ? e.previous()
        : this.#c && this.#t > 0
        ? (this.#t--, this.#h())
        : this.seek(0);
    }
    stop() {
      this.errands.forget(Ui);
      let { group: e, playing: t } = this.tab.receiver;
      (!(this.#o instanceof Te) || !e.control("stop")) && t?.skip(), this.#y();
    }
    seek(e) {
      let { playing: t } = this.tab.receiver,
        { song: s = "", lengthSeconds: r = null } = t?.state ?? {};
      if (
        t !== null && t === this.#r ? this.#v(e) : this.#o?.seek(e),
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
      this.tab.receiver.volume = e, pe("volume", String(e)), this.#y();
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
      return e instanceof Te ? e.by === this.tab.welcome.value?.key : this.#c;
    }
    get #c() {
      let { playing: e } = this.tab.receiver;
      return e !== null && e === this.#n;
    }
    #h(e = 0) {
      this.tab.touched(), this.errands.do(this.#f(e));
    }
    #f(e) {
      let t = this.#e[this.#t],
        { title: s } = this.describe(t),
        { receiver: r } = this.tab;
      return {
        key: Ui,
        words: ["play ", { name: s }, " here"],
        run: async (i) => {
          if (r.receiving) {
            let { key: o } = i.greeting;
            await this.choices.queue(i, o, {
              title: s,
              songs: this.#e,
              at: this.#t,
              fromSeconds: e,
            });
          } else this.#n = r.play(t, e);
          this.#y();
        },
      };
    }
    #p(e) {
      let t = this.now.value?.state?.positionSeconds ?? 0;
      this.#c && ee(e) ? this.errands.keep(this.#f(t)) : X(e);
    }
    #m(e) {
      this.#r = this.tab.receiver.playing,
        !(e || this.errands.has(Ui)) && this.#c &&
        this.#t + 1 < this.#e.length && this.next();
    }
    #v(e) {
      let t = this.#r, { song: s, lengthSeconds: r, paused: i } = t.state;
      if (e >= (r ?? 0)) return;
      let { receiver: o } = this.tab, l = o.controlsOf(t);
      if (l instanceof Te) return l.again(e, i);
      let u = this.#c, c = o.play(s, e);
      i && c.pause(), u && (this.#n = c);
    }
    #y() {
      let { playing: e, volume: t } = this.tab.receiver;
      this.volume.value = t;
      let s = this.#d(e), r = s !== null && s.paused && !e.skipped && !this.#a;
      if (this.tab.hold(r), e === null) this.now.value = null;
      else {
        let c = s?.song ?? (this.#c ? this.#e[this.#t] : "");
        this.now.value = { song: c, own: this.#u, state: s };
      }
      let i = s && this.describe(s.song), o = i && S(i.title);
      document.title = o ? `${o} \xB7 Ondacast` : "Ondacast";
      let { receivedBytes: l } = this.tab.connector;
      this.dataRate.measure(l, performance.now());
      let u = this.tab.welcome.value?.server ?? "";
      this.#i.show(s && i && gu(i, s, u));
    }
    #d(e) {
      let t = e?.state ?? null,
        s = this.#s,
        r = s === null || wu(s, e, performance.now());
      return r && (this.#s = null),
        t && s && !r ? { ...t, positionSeconds: s.seconds } : t;
    }
  };
var sm = 1e3,
  or = class {
    #e;
    elsewhere = F(() => {
      let { destination: e } = this.#e;
      return e.isHere.value ? null : e.group.value;
    });
    group = F(() => {
      let { destination: e, groups: t } = this.#e, { value: s } = e.id;
      return s === void 0 ? null : t.get(s) ?? null;
    });
    song = F(() => {
      let { value: e } = this.elsewhere;
      return e
        ? e.state === "stopped" ? null : e.song
        : this.#e.player.song.value;
    });
    isPaused = F(() => {
      let { value: e } = this.elsewhere;
      return e ? e.state !== "playing" : this.#e.player.paused.value;
    });
    seconds = F(() => {
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
        { title: s, artist: r } = U(e, t),
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
        c = i === "now" && !u && !bu(o),
        { value: f } = this.group;
      if (f && !c) return await t.play(f, e);
      let d = await this.#t(o);
      d.length > 0 && s.play(d, d[l]);
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
      this.#e.actions.control(e, { action: "next", ...rm(e) });
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
      if (!bu(e)) return e;
      let [t] = e;
      try {
        let s = await this.#e.player.tab.whenOnline(),
          { songs: r } = await s.request({
            type: "list",
            selection: t,
            limit: sm,
          });
        return r.filter(({ format: i }) => i !== null).map(({ name: i }) => i);
      } catch (s) {
        return X(s), [];
      }
    }
  };
function bu(n) {
  let [e] = n;
  return n.length === 1 && /^(album|artist|playlist):|\/$|^\*$/.test(e);
}
function U(n, e = {}) {
  let { title: t, artist: s = null, album: r = null } = e;
  return {
    title: (s !== null || r !== null) && t || Ee(n),
    artist: s,
    album: r,
  };
}
function rm({ entry: n }) {
  return n === null ? {} : { entry: n };
}
var $i = 2;
function xu() {
  return navigator.mediaDevices !== void 0 && typeof AudioWorkletNode < "u";
}
async function _u(n, e) {
  let t = await navigator.mediaDevices.getUserMedia({
      audio: {
        echoCancellation: !1,
        noiseSuppression: !1,
        autoGainControl: !1,
      },
    }).catch(({ message: l }) => {
      throw new v("source-failed", `Cannot use the microphone: ${l}`);
    }),
    s = new AudioContext(),
    r = () => {
      for (let l of t.getTracks()) l.stop();
      s.close();
    };
  try {
    await s.audioWorklet.addModule("/pcm_worklet.js");
  } catch (l) {
    throw r(), l;
  }
  let i = { encoding: "s16le", rate: s.sampleRate, channels: $i, bits: 16 },
    o = new AudioWorkletNode(s, "microphone", {
      channelCount: $i,
      channelCountMode: "explicit",
    });
  o.port.onmessage = ({ data: l }) => n(pt(i, mt(l, $i))),
    s.createMediaStreamSource(t).connect(o),
    o.connect(s.destination);
  for (let l of t.getTracks()) l.onended = e;
  return { format: i, stop: r };
}
var ar = class {
  song = x(null);
  #e;
  #t = "";
  #n = null;
  #s = null;
  #r = null;
  constructor(e) {
    this.#e = e,
      e.link.listen({
        opened: (t) => {
          t.welcome.then(() => this.#i(t), () => {});
        },
      });
  }
  async toggle() {
    if (this.#n) return this.#a();
    this.#t = this.#e.name.value;
    try {
      this.#n = await _u((e) => this.#o(e), () => this.#a());
    } catch (e) {
      return X(e);
    }
    this.#e.session && await this.#i(this.#e.session);
  }
  async #i(e) {
    let t = this.#n;
    if (!t || this.#s === e) return;
    this.#s = e;
    let { format: s } = t, r = e.live({ name: this.#t, format: s });
    try {
      await r.ready;
    } catch (i) {
      return e.failure ? void 0 : (X(i), this.#a());
    }
    if (this.#n !== t) return void e.sendData(Pt).catch(() => {});
    this.#r = { session: e, live: r }, this.song.value = `live/${this.#t}`;
  }
  #o(e) {
    let { session: t, live: s } = this.#r ?? {};
    !t || t.failure || s.credit.bytes < e.length ||
      (s.credit.spend(e.length), t.sendData(Kn(_e.data, e)).catch(() => {}));
  }
  #a() {
    this.#n?.stop();
    let { session: e } = this.#r ?? {};
    e?.failure || e?.sendData(Pt).catch(() => {}),
      this.#n =
        this.#s =
        this.#r =
        this.song.value =
          null;
  }
};
var lr = 200,
  Pe = class {
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
var zt = class {
    albums;
    artists;
    playlists;
    recent;
    songs;
    albumsOf;
    constructor(e) {
      this.albums = new Pe(e, ji),
        this.artists = new Pe(e, im),
        this.playlists = new Pe(e, om),
        this.recent = new Pe(e, ji),
        this.songs = new Pe(e, am),
        this.albumsOf = new Pe(e, ji);
    }
    forget() {
      for (let e of Object.values(this)) e.forget();
    }
    refresh() {
      for (let e of Object.values(this)) e.refresh();
    }
  },
  ji = async (n, e, t) => {
    let { albums: s, next: r, total: i } = await n.request({
      type: "albums",
      limit: lr,
      after: t,
      ...e,
    });
    return { rows: s, next: r, total: i };
  },
  im = async (n, e, t) => {
    let { artists: s, next: r, total: i } = await n.request({
      type: "artists",
      limit: lr,
      after: t,
      ...e,
    });
    return { rows: s, next: r, total: i };
  },
  om = async (n) => {
    let { playlists: e } = await n.request({ type: "playlists" });
    return { rows: e, total: e.length };
  },
  am = async (n, e, t) => {
    let { songs: s, more: r, next: i } = await n.request({
      type: "list",
      limit: lr,
      after: t,
      ...e,
    });
    return { rows: s, ...r && i !== void 0 && { next: i } };
  };
var ur = 8192, h_ = { min: 512, max: 1 << 20 };
var f_ = { k: 1024, m: 1 << 20 };
function cr(n, e) {
  return n + ae * Math.ceil(n / e);
}
function ku(n, e, t) {
  let s = cr(e, t);
  if (n.length !== s) {
    throw new RangeError(
      `Cannot frame ${e} bytes in ${n.length}: expected ${s}`,
    );
  }
  let r = 0;
  for (let i = n.length - e; i < n.length;) {
    let o = Math.min(t, n.length - i);
    n.copyWithin(r + ae, i, i + o), Ut(n, r, _e.data, o), i += o, r += ae + o;
  }
}
var Eu = 512 * 1024;
async function Su(n, e) {
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
    await lm(n, e, o.credit, () => l);
  } finally {
    i?.removeEventListener("abort", u), await n.sendData(Pt).catch(() => {});
  }
  try {
    return await o.stored;
  } catch (c) {
    throw n.failure !== null || !i?.aborted
      ? c
      : new v("interrupted", `Cancelled the upload of ${t}`);
  }
}
async function lm(n, { source: e, newHash: t, onProgress: s }, r, i) {
  let o = t(), l = new Uint8Array(cr(Eu, ur)), u = 0;
  for (; !i();) {
    await r.some();
    let c = r.bytes;
    if (c === 0 || i()) continue;
    let f = await um(e, l.subarray(l.length - Math.min(c, Eu)));
    if (f.length === 0) {
      n.send({ type: "end", bytes: u, sha256: o.hex() });
      return;
    }
    o.update(f), r.spend(f.length);
    let d = f.byteOffset + f.length, p = l.subarray(d - cr(f.length, ur), d);
    ku(p, f.length, ur), await n.sendData(p), u += f.length, s?.(u);
  }
}
async function um(n, e) {
  let t = 0;
  for (; t < e.length;) {
    let s = await n.read(e.subarray(t));
    if (s === null) break;
    t += s;
  }
  return e.subarray(0, t);
}
var cm = 512 * 1024,
  hr = class {
    #e;
    #t = 0;
    #n = new Uint8Array(0);
    constructor(e) {
      this.#e = e;
    }
    async read(e) {
      if (this.#n.length === 0) {
        let s = this.#t + cm;
        this.#n = await hm(this.#e.slice(this.#t, s)),
          this.#t += this.#n.length;
      }
      if (this.#n.length === 0) return null;
      let t = this.#n.subarray(0, e.length);
      return e.set(t), this.#n = this.#n.subarray(t.length), t.length;
    }
  };
async function hm(n) {
  try {
    return new Uint8Array(await n.arrayBuffer());
  } catch (e) {
    throw new v(
      "bad-file",
      "Cannot read it: it was changed, moved or deleted since it was chosen",
      { cause: e },
    );
  }
}
function Au() {
  let n = Pn.create();
  return { update: (e) => void n.update(e), hex: () => Ia(n.digest()) };
}
var fm = 5,
  pm = 2e3,
  Bi = { code: "interrupted", message: "cancelled" },
  fr = class {
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
      for (let t of this.#n) t.upload === e && Mu(t);
    }
    cancelAll() {
      this.#n.forEach(Mu);
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
        let [e] = this.#n, t = e.ended.signal.aborted ? Bi : await this.#l(e);
        this.#n.shift();
        let { upload: s } = e;
        this.#n.some((i) => i.upload === s) || (s.outcome.value = t),
          t === "stored" && this.#a();
      }
    }
    #a() {
      let e = performance.now();
      e - this.#r < pm && this.#n.length > 0 || (this.#r = e, this.#t());
    }
    async #l({ upload: e, replace: t, ended: s }) {
      try {
        return ta(e.song),
          await this.#u(e, t, s.signal),
          e.sentBytes.value = e.file.size,
          "stored";
      } catch (r) {
        let { code: i, message: o } = M(r);
        return s.signal.aborted ? Bi : { code: i, message: o };
      }
    }
    async #u({ song: e, file: t, sentBytes: s }, r, i) {
      let o = null;
      for (let l = 1;; l++) {
        s.value = 0;
        let u = await dm(this.#e.whenOnline(), i), c = o;
        try {
          await Su(u, {
            source: new hr(t),
            newHash: () => {
              let f = Au();
              return { ...f, hex: () => o = f.hex() };
            },
            song: e,
            bytes: t.size,
            replace: r,
            onProgress: (f) => s.value = f,
            signal: i,
          }).catch(async (f) => {
            if (
              !(M(f).code === "exists") || c === null ||
              !await mm(u, e, t.size, c)
            ) throw f;
          });
          return;
        } catch (f) {
          let { failure: d } = u;
          if (!(d !== null && ee(d)) || l === fm) throw f;
        }
      }
    }
  };
function Mu({ upload: n, ended: e }) {
  e.abort(), n.outcome.value = Bi;
}
async function mm(n, e, t, s) {
  return (await va(n, e)).some((i) => {
    let o = i.file ?? i;
    return i.name === e && o.bytes === t && o.sha256 === s;
  });
}
async function dm(n, e) {
  let t = Promise.withResolvers(),
    s = () => t.reject(new v("interrupted", "cancelled"));
  e.aborted && s(), e.addEventListener("abort", s);
  try {
    return await Promise.race([n, t.promise]);
  } finally {
    e.removeEventListener("abort", s);
  }
}
var ym = 500,
  pr = class {
    player = new ir();
    tab = this.player.tab;
    library = new An(this.tab);
    shelves = new zt(this.tab);
    groups = new En(this.tab.clock);
    actions = new xn(this.groups, this.player.errands, this.player.choices);
    queue = new kn(this.tab, this.groups, this.player.errands);
    destination = new yn(this.groups, () => this.tab.welcome.value?.key);
    remote = new or({
      player: this.player,
      groups: this.groups,
      actions: this.actions,
      destination: this.destination,
      named: (e) => this.library.named(e),
    });
    pictures = new Un(this.tab);
    places = new $n();
    overlays = new Fn();
    found = new zt(this.tab);
    waveforms = new Cn(this.tab);
    devices = new vn(this.tab);
    uploads = new fr(this.tab, () => this.refresh());
    share = new ar(this.tab);
    own = F(() =>
      Ca({
        connection: this.tab.connection.value,
        silenced: this.tab.silenced.value,
        now: this.player.now.value,
      })
    );
    install = x(null);
    mayAdd = F(() => this.#s("upload"));
    mayChange = F(() => this.#s("replace"));
    picked = new Nn();
    isUnreachable = F(() =>
      this.tab.connection.value.state === "away" &&
      this.library.songs.value === null
    );
    #e = null;
    #t = !1;
    constructor() {
      this.player.describe = (e) => {
        let t = this.library.named(e),
          s = t?.art ? this.pictures.address(t, 512) : null;
        return { ...U(e, t), cover: s };
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
        document.addEventListener(e, () => this.#r(), { capture: !0 });
      }
      document.addEventListener("pointerup", () => this.#i()),
        this.places.now.subscribe(() => this.picked.leave()),
        So((e) => this.install.value = e),
        setInterval(() => this.groups.tick(), ym),
        this.tab.run();
    }
    play(e, t = this.library.songs.peek() ?? []) {
      let s = Ou(t),
        r = s.indexOf(e),
        { title: i } = U(e, this.library.named(e));
      this.remote.choose({ songs: s, at: r, title: i });
    }
    toggle() {
      if (this.#t) return this.#t = !1, this.#i();
      this.remote.song.value !== null ? this.remote.toggle() : this.playFirst();
    }
    playFirst() {
      let [e] = Ou(this.library.songs.peek() ?? []);
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
    #s(e) {
      let t = this.tab.welcome.value;
      return t !== null && Ao(t, e);
    }
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
      this.library.search.value = e, this.picked.leave();
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
        X(r);
      }
    }
    #r() {
      this.#t = this.tab.silenced.value, this.#i();
    }
    #i() {
      this.tab.silenced.value && this.tab.touched();
    }
  };
function Ou(n) {
  return n.filter(({ format: e }) => e !== null).map(({ name: e }) => e);
}
function ge({ app: n, of: e, title: t, size: s = 64 }) {
  let [r, i] = L(null),
    o = e && n.pictures.address(e, s),
    l = o !== null && o !== r;
  return a("span", {
    class: "art",
    style: { "--hue": vm(t) },
    "aria-hidden": "true",
    children: [
      a("span", { children: gm(t) }),
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
function vm(n) {
  let e = 0;
  for (let t of n) e = e * 31 + t.codePointAt(0) | 0;
  return (e >>> 0) % 24 * 15;
}
function gm(n) {
  let [e] = n.match(/[\p{L}\p{N}]/u) ?? ["\u266A"];
  return S(e).toUpperCase();
}
var wm = {
  add: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  album:
    "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
  artist: "M12 3a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM3 21c0-4 4-6 9-6s9 2 9 6z",
  browser:
    "M3 4h18a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-7v2h3v2H7v-2h3v-2H3a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zm1 2v10h16V6z",
  check: "M9.5 17.5 4 12l1.5-1.5 4 4 9-9L20 7z",
  close:
    "M6.4 5 5 6.4l5.6 5.6L5 17.6 6.4 19l5.6-5.6 5.6 5.6 1.4-1.4-5.6-5.6L19 6.4 17.6 5 12 10.6z",
  device:
    "M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm5 3a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zm0 5a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  down: "M6.4 9 12 14.6 17.6 9 19 10.4l-7 7-7-7z",
  edit: "M4 16v4h4L19 9l-4-4z",
  folder: "M3 5h7l2 2h9v12H3z",
  home: "M12 3 3 11v10h6v-6h6v6h6V11z",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm-1 4h2v2h-2zm0 4h2v6h-2z",
  list: "M3 6h12v2H3zm0 5h12v2H3zm0 5h8v2H3zm14-5 5 3.5-5 3.5z",
  lock:
    "M7 10V8a5 5 0 0 1 10 0v2h1a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zm2 0h6V8a3 3 0 0 0-6 0z",
  more:
    "M12 5a1.8 1.8 0 1 0 0 3.6A1.8 1.8 0 0 0 12 5zm0 5.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6zm0 5.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z",
  mute:
    "M4 9v6h4l5 4V5L8 9zm11.3.7 1.4-1.4 2.1 2.1 2.1-2.1 1.4 1.4-2.1 2.1 2.1 2.1-1.4 1.4-2.1-2.1-2.1 2.1-1.4-1.4 2.1-2.1z",
  next: "M6 6v12l9-6zM16 6h2.5v12H16z",
  pause: "M7 5h4v14H7zM13 5h4v14h-4z",
  play: "M8 5v14l11-7z",
  previous: "M18 6v12l-9-6zM5.5 6H8v12H5.5z",
  remove: "M6 8h12l-1 13H7zM9 4h6l1 2h4v1H4V6h4z",
  repeat:
    "M7 7h9V4.5L20 8l-4 3.5V9H8v4H6V8a1 1 0 0 1 1-1zm10 10H8v2.5L4 16l4-3.5V15h8v-4h2v5a1 1 0 0 1-1 1z",
  search:
    "M10 4a6 6 0 1 0 3.7 10.7l5 5 1.4-1.4-5-5A6 6 0 0 0 10 4zm0 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z",
  shuffle:
    "M16 4l4 3.5L16 11V8.5h-2.2l-2 2.7-1.3-1.7L13 6.5h3zM4 6.5h4l7 9.5h1v-2.5l4 3.5-4 3.5V18h-2L7 8.5H4zm0 9.5h3l2-2.7 1.3 1.7L8 18H4z",
  song: "M9 4v11.2A3.5 3.5 0 1 0 11 18V8h8V4z",
  stop: "M6.5 6.5h11v11h-11z",
  volume:
    "M4 9v6h4l5 4V5L8 9zm11.5-.500a5 5 0 0 1 0 7l1.2 1.2a6.7 6.7 0 0 0 0-9.4z",
};
function A({ name: n }) {
  return a("svg", {
    class: "icon",
    viewBox: "0 0 24 24",
    "aria-hidden": "true",
    children: a("path", { d: wm[n] }),
  });
}
function N({ icon: n, label: e, class: t = "plain", children: s, ...r }) {
  return a("button", {
    type: "button",
    class: t,
    "aria-label": e,
    ...r,
    children: [a(A, { name: n }), s],
  });
}
function _({ of: n }) {
  return a("bdi", { children: S(n) });
}
function Tu({ words: n }) {
  return a("span", {
    children: n.map((e, t) =>
      typeof e == "string" ? S(e) : a(_, { of: e.name }, t)
    ),
  });
}
var h = {
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
    install: "Keep this page at hand",
    installDetail: "Share \u2192 Add to Home Screen",
    recent: "Recently added",
    showAll: "Show all",
  },
  songs: {
    loading: "Asking the server for its songs\u2026",
    none: "There are no songs yet. Add some from this device.",
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
    rename: "Rename\u2026",
    renamed: "Renamed to ",
    remove: "Remove from server",
    removed: "Removed ",
    undo: "Undo",
  },
  pick: {
    begin: "Select",
    label: "Selected songs",
    song: (n) => `Select ${n}`,
    picked: (n) => `${n} selected`,
    end: "Stop selecting",
  },
  rename: {
    title: "Rename this song",
    explain:
      "What comes before a \u201C/\u201D is its folder. It plays on wherever it plays.",
    field: "Name",
    save: "Rename",
    later: "Cancel",
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
    details: "About the sound",
    buffer: "Buffer",
    rate: "Data rate",
    format: "Format",
    gaps: "Gaps",
  },
  output: {
    here: "This browser",
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
    share: "Share this microphone",
    unshare: "Stop sharing the microphone",
    shared: (n) => `Others hear it as \u201C${n}\u201D`,
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
    unreachable:
      "The music cannot be reached. Is its machine on, and is this device at home? This page goes on by itself.",
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
    label: "Add music: upload songs",
    choose: "Add music: choose songs",
    drop: "Drop songs to upload them",
    hints: {
      exists: "Replace it, or rename the file and add it again.",
      "bad-name": "Rename the file, and add it again.",
      "not-wav": "It is no sound file, or damaged: save it anew.",
      unsupported: "Convert it to FLAC, WAV or MP3, and add it again.",
      "too-large": "Start the server with a larger --max-upload.",
      "no-space": "Make room on the server's disk, and send it again.",
      "bad-hash": "It was damaged on its way. Send it again.",
      "read-only": "Add it on the server's own machine.",
      lost: "See whether the server runs, and send it again.",
    },
  },
  lock: {
    title: "House password",
    explain: "Ask the person who runs the server for it.",
    field: "House password (token)",
    remember: "Remember it in this browser",
    open:
      "This connection is not encrypted: anyone who can read your network traffic can read the password.",
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
      [
        "\u2191 \u2193",
        "from song to song in a list; with Shift they are selected",
      ],
      ["m", "mute or unmute"],
      ["/", "search"],
      ["?", "this list"],
    ],
  },
};
var bm = 600, xm = 300;
function mr(
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
  let l = z(null), u = Math.ceil(n / t), [c, f] = L({ from: 0, to: 30 });
  ce(() => {
    let m = 0,
      b = () => {
        m = 0;
        let O = l.current.getBoundingClientRect().top,
          E = _m(O, innerHeight, e);
        f((B) => B.from === E.from && B.to === E.to ? B : E);
      },
      D = () => m ||= requestAnimationFrame(b);
    b();
    let w = i ?? globalThis;
    return w.addEventListener("scroll", D, { passive: !0 }),
      addEventListener("resize", D),
      () => {
        cancelAnimationFrame(m),
          w.removeEventListener("scroll", D),
          removeEventListener("resize", D);
      };
  }, [e, i, n === 0]);
  let d = Math.min(c.from, Math.max(0, u - 1)), p = Math.min(c.to, u);
  return a("div", {
    ref: l,
    class: "virtual",
    role: "list",
    "aria-label": s,
    style: { height: `${u * e}px` },
    onKeyDown: km,
    children: a("div", {
      class: `window ${r}`,
      role: "none",
      style: { top: `${d * e}px` },
      children: o(d * t, Math.min(n, p * t)),
    }),
  });
}
function _m(n, e, t) {
  let [s, r] = [bm, xm].map((u) => Math.ceil(u / t)),
    i = Math.floor(-n / t) - s,
    o = Math.max(0, Math.floor(i / r) * r),
    l = Math.ceil(e / t) + 2 * s + r;
  return { from: o, to: Math.max(o, i) + l };
}
var Cu = ".whole:not(label), .pick";
function km(n) {
  let e = { ArrowDown: 1, ArrowUp: -1 }[n.key], t = n.target;
  if (e === void 0 || !t.matches(Cu)) return;
  let s = [...n.currentTarget.querySelectorAll(Cu)], r = s[s.indexOf(t) + e];
  r !== void 0 && (n.preventDefault(), r.focus());
}
function Fu({ count: n, label: e, children: t }) {
  let s = z(null), [r, i] = L({ columns: 6, rowHeight: 240 });
  return ce(() => {
    let o = s.current.querySelector(".tiles"),
      l = () => {
        let c = Em(o);
        i((f) => Sm(f, c) ? f : c);
      };
    l();
    let u = new ResizeObserver(l);
    return u.observe(o), () => u.disconnect();
  }, []),
    a("div", {
      ref: s,
      children: a(mr, { count: n, label: e, kind: "tiles", ...r, children: t }),
    });
}
function Em(n) {
  let { gridTemplateColumns: e, rowGap: t } = getComputedStyle(n),
    s = e.split(" ").length,
    { height: r } = n.firstElementChild.getBoundingClientRect();
  return { columns: s, rowHeight: r + parseFloat(t) };
}
function Sm(n, e) {
  return n.columns === e.columns && Math.abs(n.rowHeight - e.rowHeight) < .1;
}
function dr({ app: n, albums: e }) {
  return a("ul", {
    class: "shelf",
    children: e.map((t) =>
      a("li", { class: "tile", children: a(Hi, { app: n, album: t }) }, t.key)
    ),
  });
}
function yr({ app: n, albums: e }) {
  return a("ul", {
    class: "tiles",
    children: e.map((t) =>
      a("li", { class: "tile", children: a(Hi, { app: n, album: t }) }, t.key)
    ),
  });
}
function Nu({ app: n, albums: e, onEnd: t }) {
  return a(Fu, {
    count: e.length,
    label: h.places.albums,
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
          children: a(Hi, { app: n, album: i }),
        }, i.key)
      )),
  });
}
function Hi({ app: n, album: e }) {
  let { key: t, album: s, artist: r } = e;
  return a(k, {
    children: [
      a("a", {
        href: he({ name: "albums", what: t }),
        children: [
          a(Am, { app: n, album: e }),
          a("span", { class: "title", children: a(_, { of: s }) }),
          a("span", { class: "detail", children: a(_, { of: r }) }),
        ],
      }),
      a(N, {
        class: "round main",
        icon: "play",
        label: `Play ${S(s)}`,
        onClick: () => n.remote.choose({ songs: [`album:${t}`], title: s }),
      }),
    ],
  });
}
function Am({ app: n, album: e, size: t = 256 }) {
  let s = e.art ? n.pictures.coverOf(e.key).value : null;
  return a(ge, { app: n, of: s, title: e.album, size: t });
}
var kt = { files: 1e4, entries: 1e5, depth: 15 };
function Iu(n) {
  let e = { files: [], leftOut: 0, cut: !1 }, t = [];
  for (let s of n.items) {
    if (s.kind !== "file") continue;
    let r = s.webkitGetAsEntry?.(), i = r?.isDirectory ? null : s.getAsFile();
    i ? e.files.push({ file: i, path: i.name }) : r && t.push(r);
  }
  return new qi(e).run(t);
}
var qi = class {
  #e;
  #t = kt.entries;
  constructor(e) {
    this.#e = e;
  }
  async run(e) {
    for (let t of Du(e)) await this.#n(t, 0);
    return this.#e;
  }
  async #n(e, t) {
    let s = this.#e;
    if (this.#t === 0 || s.files.length >= kt.files) {
      s.cut = !0;
      return;
    }
    if (this.#t--, !Qr(e.name)) {
      try {
        if (Mm(e)) await this.#s(e);
        else if (t < kt.depth) {
          for (let r of await this.#r(e)) await this.#n(r, t + 1);
        } else s.cut = !0;
      } catch {
        s.leftOut++;
      }
    }
  }
  async #s(e) {
    if (!na(e.name)) {
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
    return Du(s);
  }
};
function Mm(n) {
  return n.isFile;
}
var { compare: Om } = new Intl.Collator(void 0, { numeric: !0 });
function Du(n) {
  return n.toSorted((e, t) => Om(e.name, t.name));
}
var Ru = 200;
function Lu({ app: n }) {
  let { uploads: e } = n, t = e.rows.value;
  if (t.length === 0) return null;
  let s = (l) => t.filter((u) => u.outcome.value === l).length,
    [r, i] = [s("stored"), s(null)],
    o = t.length <= Ru
      ? t
      : t.filter(({ outcome: l }) => l.value !== "stored").slice(0, Ru);
  return a("section", {
    class: "uploads",
    "aria-label": "Uploads",
    children: [
      a("div", {
        class: "section-head",
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
      a("ul", { children: o.map((l) => a(Tm, { app: n, upload: l }, l.id)) }),
    ],
  });
}
function Tm({ app: n, upload: e }) {
  let { uploads: t } = n,
    s = S(e.song),
    r = e.outcome.value,
    i = r !== null && r !== "stored";
  return a("li", {
    class: i ? "refused" : "",
    children: [
      a("div", {
        class: "about",
        children: [
          a("span", { class: "title", children: a(_, { of: e.song }) }),
          a(Fm, { upload: e }),
        ],
      }),
      i && !Cm.includes(r.code) && a("button", {
        type: "button",
        "aria-label": `${r.code === "exists" ? "Replace" : "Send again"} ${s}`,
        onClick: () => t.again(e, r.code === "exists"),
        children: r.code === "exists" ? "Replace" : "Send again",
      }),
      a(N, {
        icon: "close",
        label: `${r === null ? "Cancel" : "Dismiss"} ${s}`,
        onClick: () => r === null ? t.cancel(e) : t.dismiss(e),
      }),
    ],
  });
}
var Cm = ["bad-name", "not-wav", "unsupported", "too-large"];
function Fm({ upload: n }) {
  let { file: e, outcome: { value: t } } = n;
  if (t === "stored") {
    return a("span", { class: "detail", children: ["stored, ", ut(e.size)] });
  }
  if (t !== null) {
    let r = h.add.hints[t.code];
    return a("span", {
      role: "alert",
      children: [
        r && a("span", { class: "problem", children: r }),
        a("span", { class: "detail", children: S(t.message) }),
      ],
    });
  }
  let s = n.sentBytes.value;
  return a(k, {
    children: [
      a("span", { class: "detail", children: [ut(s), " of ", ut(e.size)] }),
      a("progress", {
        "aria-label": `Upload of ${S(n.song)}`,
        max: e.size || 1,
        value: s,
      }),
    ],
  });
}
var Nm = Object.values(Xr).flatMap((
  { endings: n, mediaTypes: e },
) => [...n, ...e]).join(",");
function vr({ app: n, label: e = h.add.label }) {
  return a("label", {
    class: "button",
    children: [
      a(A, { name: "add" }),
      a("span", { children: h.add.button }),
      a("input", {
        type: "file",
        class: "hidden",
        "aria-label": e,
        accept: Nm,
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
function Pu({ app: n }) {
  let [e, t] = L(!1);
  return $(() => {
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
          (o.preventDefault(), Iu(o.dataTransfer).then((l) => Dm(n, l)));
      }, { signal: r }),
      () => s.abort();
  }, []),
    e ? a("div", { class: "drop", children: h.add.drop }) : null;
}
function Dm(n, { files: e, leftOut: t, cut: s }) {
  n.uploads.add(e),
    s &&
    be(
      `Too many files: at most ${kt.files} at once, in folders up to ${kt.depth} deep`,
    ),
    t > 0 &&
    be(
      t === 1
        ? "Left out 1 file that is not a song"
        : `Left out ${t} files that are not songs`,
    );
}
function le({ children: n, label: e }) {
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
function gr({ app: n }) {
  return n.mayAdd.value
    ? a(le, {
      label: h.songs.none,
      children: a(vr, { app: n, label: h.add.choose }),
    })
    : a(le, { label: h.songs.noneReadOnly });
}
var Uu = 24;
function $u({ app: n }) {
  let { shelves: e, library: t, groups: s } = n;
  $(() => {
    e.recent.show({ sort: "added" }), e.albums.show({ sort: "album" });
  }, []);
  let r = e.recent.listed.value?.rows ?? [],
    i = e.albums.listed.value?.rows ?? [];
  if (t.songs.value?.length === 0) return a(gr, { app: n });
  let o = (s.rows.value ?? []).filter(({ state: l, song: u, devices: c }) =>
    l !== "stopped" && u !== null && c.some(({ away: f }) => !f)
  );
  return a(k, {
    children: [
      a("section", {
        children: [
          a("div", {
            class: "section-head",
            children: a("h1", { children: Um() }),
          }),
          a("div", {
            class: "cards",
            children: [
              a(Rm, { app: n }),
              a(Lm, {}),
              o.map((l) => a(Im, { app: n, row: l }, l.group)),
              a(Pm, { app: n }),
            ],
          }),
        ],
      }),
      r.length > 0 &&
      a(Be, {
        title: h.home.recent,
        all: { name: "albums", what: "" },
        children: a(dr, { app: n, albums: r.slice(0, Uu) }),
      }),
      i.length > 0 &&
      a(Be, {
        title: h.places.albums,
        all: { name: "albums", what: "" },
        children: a(yr, { app: n, albums: i.slice(0, Uu) }),
      }),
    ],
  });
}
function Be({ title: n, all: e, children: t }) {
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
            "aria-label": `${h.home.showAll}: ${n}`,
            children: h.home.showAll,
          }),
        ],
      }),
      t,
    ],
  });
}
function Im({ app: n, row: e }) {
  let { group: t, name: s, song: r, artist: i, state: o } = e,
    l = n.library.named(r),
    { title: u } = U(r, l),
    c = o === "playing";
  return a("div", {
    class: "card",
    children: [
      a("a", {
        href: he({ name: "rooms", what: t }),
        children: [
          a(ge, {
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
      a(N, {
        class: "round",
        icon: c ? "pause" : "play",
        label: c ? h.rooms.pause(S(s)) : h.rooms.resume(S(s)),
        onClick: () => n.actions.control(e, { action: c ? "pause" : "resume" }),
      }),
    ],
  });
}
function Rm({ app: n }) {
  let { title: e, now: t } = h.name, s = n.tab.name.value;
  return ue("name") !== null ? null : a("button", {
    type: "button",
    class: "card says",
    onClick: () => n.overlays.show({ kind: "name" }),
    children: [
      a("span", { class: "art plain", children: a(A, { name: "browser" }) }),
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
function Lm() {
  let [n, e] = L(Eo() && ue("installHint") === null);
  return n
    ? a("div", {
      class: "card says",
      children: [
        a("span", { class: "art plain", children: a(A, { name: "add" }) }),
        a("span", {
          class: "about",
          children: [
            a("span", { class: "title", children: h.home.install }),
            a("span", { class: "detail", children: h.home.installDetail }),
          ],
        }),
        a(N, {
          icon: "close",
          label: h.dialog.dismiss,
          onClick: () => {
            pe("installHint", "seen"), e(!1);
          },
        }),
      ],
    })
    : null;
}
function Pm({ app: n }) {
  let { surprise: e, surpriseDetail: t } = h.home;
  return a("div", {
    class: "card says surprise",
    children: [
      a("span", { class: "art", children: a(A, { name: "shuffle" }) }),
      a("span", {
        class: "about",
        children: [
          a("span", { class: "title", children: e }),
          a("span", { class: "detail", children: t }),
        ],
      }),
      a(N, {
        class: "round main",
        icon: "play",
        label: e,
        onClick: () => n.remote.choose({ songs: ["*"], title: e, shuffle: !0 }),
      }),
    ],
  });
}
function Um() {
  let { night: n, morning: e, day: t, evening: s } = h.home,
    r = new Date().getHours();
  return r < 5 ? n : r < 12 ? e : r < 18 ? t : s;
}
function we(
  { title: n, onClose: e, kind: t = "box", at: s, isBare: r = !1, children: i },
) {
  let o = z(null);
  return ce(() => {
    let l = o.current;
    return l.showModal(), () => l.close();
  }, []),
    ce(() => {
      s && $m(o.current, s);
    }, [s]),
    a("dialog", {
      ref: o,
      class: t,
      "aria-label": S(n),
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
          !r && a("h2", { children: a("bdi", { children: S(n) }) }),
          i,
        ],
      }),
    });
}
function $m(n, e) {
  let { style: t } = n, s = e.bottom < innerHeight * .6;
  t.setProperty("--x", `${Math.max(8, innerWidth - e.right)}px`),
    t.setProperty("--top", s ? `${e.bottom + 4}px` : "auto"),
    t.setProperty("--bottom", s ? "auto" : `${innerHeight - e.top + 4}px`);
}
function fe({ app: n, label: e, title: t, items: s }) {
  return a(N, {
    class: "plain more",
    icon: "more",
    label: e,
    "aria-haspopup": "dialog",
    onClick: ({ currentTarget: r }) =>
      n.overlays.show({
        kind: "menu",
        title: t,
        items: s(),
        at: r.getBoundingClientRect(),
      }),
  });
}
function ju({ menu: n, onClose: e }) {
  let t = z(null);
  return a(we, {
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
                i && a(A, { name: i }),
                a("span", {
                  children: [
                    s,
                    o !== void 0 && a(k, { children: [" ", a(_, { of: o })] }),
                  ],
                }),
              ],
            }),
        }, u)
      ),
    }),
  });
}
async function wr(n, e) {
  let t = [];
  if (
    await qu(n, async (i) => {
      for (let { name: o, etag: l } of e) {
        l !== null &&
          (await i.request({ type: "remove", song: o, etag: l }), t.push(o));
      }
    }), t.length === 0
  ) return;
  let [s] = e,
    r = t.length === 1
      ? [{ name: U(s.name, s).title }]
      : [h.lists.count(t.length, "song")];
  Hu(n, [h.play.removed, ...r], async (i) => {
    for (let o of t) await i.request({ type: "restore", song: o });
  });
}
async function Bu(n, { name: e }, t) {
  let s = await n.tab.whenOnline(),
    { song: r } = await s.request({ type: "rename", song: e, name: t });
  n.refresh(),
    r !== e &&
    Hu(n, [h.play.renamed, { name: r }], (i) =>
      i.request({ type: "rename", song: r, name: e }));
}
function Hu(n, e, t) {
  let s = () => void qu(n, t);
  be(e, { label: h.play.undo, act: s });
}
async function qu(n, e) {
  try {
    await e(await n.tab.whenOnline());
  } catch (t) {
    X(t);
  }
  n.refresh();
}
function Xt(n, e) {
  let { play: t } = h,
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
function Wi(n) {
  let { title: e } = U(n.name, n);
  return { songs: [n.name], title: e };
}
function br(n, e) {
  let { play: t } = h,
    { artist: s = null, album: r } = e,
    i = s?.split("; ")[0];
  return [
    ...Xt(n, Wi(e)),
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
    ...n.mayChange.peek() && !e.live
      ? [{
        label: t.rename,
        icon: "edit",
        act: () => n.overlays.show({ kind: "rename", song: e }),
      }, { label: t.remove, icon: "remove", act: () => void wr(n, [e]) }]
      : [],
  ];
}
var Wu = {
  "not-found": "no longer among the songs",
  "not-wav": "not a song, or a damaged one",
  changed: "another song has its name now",
  unsupported: "unsupported kind",
  internal: "the server cannot read the file",
  "too-large": "too large",
};
function xr({ problem: n = "unknown kind", reason: e }) {
  let t = Object.hasOwn(Wu, n) ? Wu[n] : n;
  return `cannot be played: ${S(e ?? t)}`;
}
function Gu({ app: n, songs: e }) {
  let { picked: t } = n, s = t.names.value;
  if (e.length === 0) return null;
  let r = h.lists.count(s?.size ?? 0, "song");
  return a("div", {
    class: `picks ${s ? "on" : ""}`,
    role: "group",
    "aria-label": h.pick.label,
    children: [
      a("p", { role: "status", children: s && h.pick.picked(r) }),
      s
        ? a(k, {
          children: [
            jm(n, e, s, r).map(([i, o, l]) =>
              a(N, {
                icon: i,
                label: o,
                title: o,
                "aria-disabled": s.size === 0,
                onClick: () => {
                  s.size !== 0 && (l(), t.end());
                },
              }, o)
            ),
            a(N, {
              icon: "close",
              label: h.pick.end,
              title: h.pick.end,
              onClick: () => t.end(),
            }),
          ],
        })
        : a("button", {
          type: "button",
          onClick: () => t.begin(e[0].name),
          children: h.pick.begin,
        }),
    ],
  });
}
function jm(n, e, t, s) {
  let { play: r } = h,
    i = () => e.filter(({ name: l }) => t.has(l)),
    o = (l) => ({
      songs: i().filter(({ format: c }) => c !== null).map(({ name: c }) => c),
      title: s,
      place: l,
    });
  return [
    ["play", r.play, () => n.remote.choose(o())],
    ["next", r.next, () => n.remote.choose(o("next"))],
    ["list", r.end, () => n.remote.choose(o("end"))],
    ["device", r.on, () => n.overlays.show({ kind: "playOn", choice: o() })],
    ...n.mayChange.value ? [["remove", r.remove, () => wr(n, i())]] : [],
  ];
}
var Bm = 400;
function zu(n) {
  let e = z(0), t = () => clearTimeout(e.current);
  return {
    onPointerDown({ pointerType: s }) {
      t(), s === "touch" && (e.current = setTimeout(n, Bm));
    },
    onPointerUp: t,
    onPointerMove({ movementX: s, movementY: r }) {
      Math.abs(s) + Math.abs(r) > 4 && t();
    },
    onPointerCancel: t,
  };
}
function _r(n, { node: e }) {
  return n?.also?.length ? e : void 0;
}
function Vu() {
  let [n, e] = L(Xu);
  return $(() => {
    let t = () => e(Xu());
    return addEventListener("resize", t),
      () => removeEventListener("resize", t);
  }, []),
    n;
}
function Xu() {
  let n = getComputedStyle(document.documentElement).getPropertyValue(
    "--row-height",
  );
  return parseFloat(n) || 52;
}
function Et({ items: n, label: e, onEnd: t, children: s }) {
  let r = Vu();
  return a(mr, {
    count: n.length,
    rowHeight: r,
    label: e,
    children: (
      i,
      o,
    ) => (o >= n.length && t?.(), n.slice(i, o).map((l, u) => s(l, i + u))),
  });
}
var kr = "application/x-ondacast-song";
function et(n) {
  let { app: e, songs: t, label: s, onEnd: r } = n;
  return a("div", {
    class: "songs",
    children: [
      a(Gu, { app: e, songs: t }),
      a(Et, {
        items: t,
        label: s,
        onEnd: r,
        children: (i, o) => a(Hm, { ...n, song: i, at: o }, i.name),
      }),
    ],
  });
}
function Hm(
  { app: n, song: e, at: t, songs: s, isAlbum: r = !1, by: i, onPlay: o },
) {
  let { remote: l, picked: u } = n,
    { name: c } = e,
    f = dn(() => u.names.value?.has(c) ?? null).value,
    d = z(null);
  ce(() => {
    u.takesFocus(c) && d.current.querySelector(".pick, .whole").focus();
  }, [f === null]);
  let p = (K) => K.shiftKey ? u.extend(s, t) : u.toggle(c),
    m = zu(() => f === null && u.toggle(c)),
    b = dn(() => l.song.value === e.name).value,
    D = dn(() => l.song.value === e.name && !l.isPaused.value).value,
    { title: w, artist: O, album: E } = U(e.name, e),
    B = e.format !== null,
    re = S(w),
    Ce = e.seconds === null ? "" : de(e.seconds),
    qe = i !== void 0 && O === i ? "" : O ?? lt(e.name),
    tt = B
      ? [qe, _r(n.tab.welcome.value, e)].filter(Boolean).join(" \xB7 ")
      : xr(e),
    We = a(k, {
      children: [
        a("span", {
          class: "about",
          children: [
            a("span", { class: "title", children: a(_, { of: w }) }),
            tt &&
            a("span", { class: "detail", children: B ? a(_, { of: tt }) : tt }),
          ],
        }),
        !r &&
        a("span", {
          class: "detail wide",
          children: E !== null && a(_, { of: E }),
        }),
        a("span", { class: "length", children: Ce }),
      ],
    });
  return a("div", {
    ref: d,
    role: "listitem",
    "aria-setsize": s.length,
    "aria-posinset": t + 1,
    class: `song ${b ? "here" : ""} ${f ? "picked" : ""}`,
    draggable: B,
    ...m,
    onKeyDown: ({ shiftKey: K, key: ne }) => {
      let ke = { ArrowDown: 1, ArrowUp: -1 }[ne];
      !K || ke === void 0 || !s[t + ke] || u.extend(s, t + ke, t);
    },
    onDragStart: (K) => {
      K.dataTransfer?.setData(kr, e.name),
        K.dataTransfer?.setData("text/plain", e.name);
    },
    children: [
      f === null
        ? a("button", {
          type: "button",
          class: "whole",
          disabled: !B,
          "aria-label": `${D ? "Pause" : "Play"} ${re}`,
          onClick: (K) => {
            K.shiftKey || K.ctrlKey || K.metaKey
              ? p(K)
              : b
              ? n.toggle()
              : o(e, t);
          },
          children: [
            r
              ? a("span", { class: "number", children: e.track ?? t + 1 })
              : a(ge, { app: n, of: e.art ? e : null, title: E ?? w }),
            b &&
            a("span", {
              class: "state",
              children: a(A, { name: D ? "pause" : "play" }),
            }),
            We,
          ],
        })
        : a("label", {
          class: "whole",
          onClick: (K) => {
            let ne = K.currentTarget.querySelector("input");
            K.target !== ne && K.preventDefault(), p(K), ne.focus();
          },
          children: [
            a("input", {
              type: "checkbox",
              class: "pick",
              "aria-label": h.pick.song(re),
              checked: f,
            }),
            We,
          ],
        }),
      a(N, {
        class: "plain cast",
        icon: "device",
        label: h.play.anywhere(re),
        disabled: !B,
        title: h.play.on,
        onClick: () => n.overlays.show({ kind: "playOn", choice: Wi(e) }),
      }),
      a(fe, {
        app: n,
        label: h.play.more(re),
        title: w,
        items: () => br(n, e),
      }),
    ],
  });
}
function Ku({ app: n, albumKey: e }) {
  let t = qm(n, e),
    [s] = n.shelves.songs.listed.value?.rows ?? [],
    r = t?.album ?? s?.album ?? h.places.albums;
  return a(Gi, {
    app: n,
    query: { selection: `album:${e}` },
    selection: `album:${e}`,
    kind: h.kinds.album,
    title: r,
    by: t?.artist,
    more: t &&
      [
        ...t.year === void 0 ? [] : [String(t.year)],
        h.lists.count(t.songs, "song"),
        h.lists.minutes(t.seconds),
      ].join(" \xB7 "),
    picture: s ?? null,
    isAlbum: !0,
  });
}
function qm(n, e) {
  let { albums: t, recent: s } = n.shelves,
    r = [t, s].flatMap((u) => u.listed.value?.rows ?? []).find((u) =>
      u.key === e
    ),
    [i, o] = L(),
    [l] = n.shelves.songs.listed.value?.rows ?? [];
  return $(() => {
    r || !l?.album ||
      n.tab.whenOnline().then((u) =>
        u.request({ type: "albums", match: l.album, limit: 50 })
      ).then(({ albums: u }) => o(u.find((c) => c.key === e))).catch(() => {});
  }, [e, l?.album]),
    r ?? (i?.key === e ? i : void 0);
}
function Yu({ app: n, artist: e }) {
  let { albumsOf: t } = n.shelves;
  $(() => {
    t.show({ artist: e, sort: "year" });
  }, [e]);
  let s = t.listed.value?.rows ?? [];
  return a(Gi, {
    app: n,
    query: { selection: `artist:${e}` },
    selection: `artist:${e}`,
    kind: h.kinds.artist,
    title: e,
    children: s.length > 0 &&
      a(Be, { title: h.places.albums, children: a(yr, { app: n, albums: s }) }),
  });
}
function Ju({ app: n, name: e }) {
  return a(Gi, {
    app: n,
    query: { selection: `playlist:${e}` },
    selection: `playlist:${e}`,
    kind: h.kinds.playlist,
    title: Ee(e),
  });
}
function Gi(
  { app: n, query: e, selection: t, children: s, isAlbum: r = !1, ...i },
) {
  let { songs: o } = n.shelves;
  $(() => {
    o.show(e);
  }, [JSON.stringify(e)]);
  let l = o.listed.value, u = l?.rows ?? [];
  if (l?.problem && u.length === 0) return a(le, { label: h.lists.gone });
  let c = l && l.next === void 0 ? h.lists.count(u.length, "song") : "";
  return a(k, {
    children: [
      a(zi, { app: n, selection: t, ...i, detail: i.more ?? c }),
      s,
      a("section", {
        "aria-label": h.places.songs,
        children: a(et, {
          app: n,
          songs: u,
          label: h.places.songs,
          isAlbum: r,
          by: i.by ?? i.title,
          onPlay: (f, d) =>
            n.remote.choose({
              songs: u.map(({ name: p }) => p),
              at: d,
              title: i.title,
            }),
          onEnd: () => o.more(),
        }),
      }),
    ],
  });
}
function zi(
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
  let l = { songs: [s], title: t }, { play: u } = h;
  return a("div", {
    class: "head",
    children: [
      a(ge, { app: n, of: o, title: t, size: 512 }),
      a("div", {
        class: "about",
        children: [
          a("span", { class: "detail", children: e }),
          a("h1", { children: a(_, { of: t }) }),
          a("span", {
            class: "detail",
            children: [
              i &&
              a(k, {
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
                  a(A, { name: "play" }),
                  a("span", { children: u.play }),
                ],
              }),
              a("button", {
                type: "button",
                onClick: () => n.remote.choose({ ...l, shuffle: !0 }),
                children: [
                  a(A, { name: "shuffle" }),
                  a("span", { children: u.shuffle }),
                ],
              }),
              a("button", {
                type: "button",
                onClick: () => n.overlays.show({ kind: "playOn", choice: l }),
                children: [
                  a(A, { name: "device" }),
                  a("span", { children: u.on }),
                ],
              }),
              a(fe, {
                app: n,
                label: u.more(t),
                title: t,
                items: () => Xt(n, l),
              }),
            ],
          }),
        ],
      }),
    ],
  });
}
function Zu({ app: n }) {
  let e = n.tab.connection.value;
  if (e.state !== "locked") return null;
  let t = h.lock;
  return a(we, {
    title: t.title,
    children: a("form", {
      onSubmit: (s) => {
        s.preventDefault();
        let r = new FormData(s.currentTarget);
        n.tab.unlock(String(r.get("token")), r.has("remember"));
      },
      children: [
        a("p", { children: [a(A, { name: "lock" }), " ", t.explain] }),
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
function Qu({ texts: n, value: e, maxLength: t, save: s, onClose: r }) {
  let [i, o] = L("");
  return a(we, {
    title: n.title,
    onClose: r,
    children: a("form", {
      onSubmit: async (l) => {
        l.preventDefault();
        let u = new FormData(l.currentTarget);
        try {
          await s(String(u.get("text")).trim()), r();
        } catch (c) {
          o(M(c).message);
        }
      },
      children: [
        a("p", { class: "detail wrap", children: n.explain }),
        a("label", {
          class: "field",
          children: [
            a("span", { children: n.field }),
            a("input", {
              type: "text",
              name: "text",
              maxLength: t,
              required: !0,
              autofocus: !0,
              value: e,
            }),
          ],
        }),
        i &&
        a("p", { class: "problem", role: "alert", children: a(_, { of: i }) }),
        a("div", {
          class: "actions",
          children: [
            a("button", { type: "submit", class: "main", children: n.save }),
            a("button", { type: "button", onClick: r, children: n.later }),
          ],
        }),
      ],
    }),
  });
}
function ec({ app: n, onClose: e }) {
  return a(Qu, {
    texts: h.name,
    value: n.tab.name.peek(),
    maxLength: 64,
    save: (t) => n.tab.rename(bn(t)),
    onClose: e,
  });
}
function tc({ app: n, song: e, onClose: t }) {
  return a(Qu, {
    texts: h.rename,
    value: Nt(e.name),
    maxLength: 1024,
    save: (s) => Bu(n, e, s),
    onClose: t,
  });
}
function nc({ app: n, device: e, onClose: t }) {
  let s = n.groups.of(e)?.devices.find((i) => i.key === e);
  if (s === void 0) return null;
  let r = h.rooms;
  return a(we, {
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
      a("button", { type: "button", onClick: t, children: h.dialog.close }),
    ],
  });
}
function sc({ onClose: n }) {
  return a(we, {
    title: h.keys.title,
    onClose: n,
    children: [
      a("dl", {
        class: "details keys",
        children: h.keys.rows.map(([e, t]) =>
          a(k, {
            children: [
              a("dt", { children: a("kbd", { children: e }) }),
              a("dd", { children: t }),
            ],
          })
        ),
      }),
      a("button", { type: "button", onClick: n, children: h.dialog.close }),
    ],
  });
}
var { orders: Wm } = h.songs;
function rc({ app: n }) {
  let { library: e, shelves: { songs: t } } = n, [s, r] = L("natural");
  ce(() => {
    s !== "natural" && t.show({ sort: s });
  }, [s]);
  let i = e.songs.value;
  if (i === null) return a("p", { class: "empty", children: h.songs.loading });
  if (i.length === 0) return a(gr, { app: n });
  let o = s === "natural", l = o ? i : t.listed.value?.rows ?? [];
  return a("section", {
    "aria-label": h.places.songs,
    children: [
      a("div", {
        class: "section-head",
        children: [
          a("h1", { children: h.places.songs }),
          a("span", {
            class: "detail",
            children: h.lists.count(i.length, "song"),
          }),
          a("label", {
            children: [
              a("span", { class: "hidden", children: h.songs.order }),
              a("select", {
                value: s,
                onChange: ({ currentTarget: { value: u } }) => r(u),
                children: Object.entries(Wm).map(([u, c]) =>
                  a("option", { value: u, children: c }, u)
                ),
              }),
            ],
          }),
        ],
      }),
      a(et, {
        app: n,
        songs: l,
        label: h.places.songs,
        onPlay: (u, c) =>
          o ? n.play(u.name) : n.remote.choose({
            songs: l.map(({ name: f }) => f),
            at: c,
            title: U(u.name, u).title,
          }),
        onEnd: o ? void 0 : () => t.more(),
      }),
    ],
  });
}
function ic({ app: n }) {
  let { albums: e } = n.shelves;
  $(() => {
    e.show({ sort: "album" });
  }, []);
  let t = e.listed.value;
  return t?.rows.length === 0
    ? a(le, { label: h.lists.noAlbums })
    : a("section", {
      "aria-label": h.places.albums,
      children: [
        a("div", {
          class: "section-head",
          children: [
            a("h1", { children: h.places.albums }),
            a("label", {
              children: [
                a("span", { class: "hidden", children: h.songs.order }),
                a("select", {
                  onChange: ({ currentTarget: { value: s } }) =>
                    e.show({ sort: s }),
                  children: [
                    a("option", {
                      value: "album",
                      children: h.songs.orders.title,
                    }),
                    a("option", { value: "artist", children: "By artist" }),
                    a("option", { value: "year", children: "By year" }),
                    a("option", {
                      value: "added",
                      children: h.songs.orders.added,
                    }),
                  ],
                }),
              ],
            }),
          ],
        }),
        t
          ? a(Nu, {
            app: n,
            albums: t.rows,
            onEnd: () => e.more(),
          })
          : a("p", { class: "empty", children: h.lists.loading }),
      ],
    });
}
function oc({ app: n }) {
  let { artists: e } = n.shelves;
  $(() => {
    e.show({});
  }, []);
  let t = e.listed.value;
  return t?.rows.length === 0
    ? a(le, { label: h.lists.noArtists })
    : a("section", {
      "aria-label": h.places.artists,
      children: [
        a("div", {
          class: "section-head",
          children: a("h1", { children: h.places.artists }),
        }),
        a(Xi, { app: n, artists: t?.rows ?? [], onEnd: () => e.more() }),
      ],
    });
}
function Xi({ app: n, artists: e, onEnd: t }) {
  return a(Et, {
    items: e,
    label: h.places.artists,
    onEnd: t,
    children: ({ artist: s, albums: r, songs: i }, o) =>
      a(Vi, {
        app: n,
        place: [o, e.length],
        to: { name: "artists", what: s },
        title: s,
        detail: `${h.lists.count(r, "album")} \xB7 ${h.lists.count(i, "song")}`,
        selection: `artist:${s}`,
      }, s),
  });
}
function ac({ app: n }) {
  let { playlists: e } = n.shelves;
  $(() => {
    e.show({});
  }, []);
  let t = e.listed.value;
  if (t?.rows.length === 0) return a(le, { label: h.lists.noPlaylists });
  let s = t?.rows ?? [];
  return a("section", {
    "aria-label": h.places.playlists,
    children: [
      a("div", {
        class: "section-head",
        children: a("h1", { children: h.places.playlists }),
      }),
      a(Et, {
        items: s,
        label: h.places.playlists,
        children: ({ name: r, songs: i, missing: o }, l) =>
          a(Vi, {
            app: n,
            place: [l, s.length],
            icon: "list",
            to: { name: "playlists", what: r },
            title: Ee(r),
            detail: h.lists.count(i, "song") +
              (o ? ` \xB7 ${h.lists.missing(o)}` : ""),
            selection: `playlist:${r}`,
          }, r),
      }),
    ],
  });
}
function lc({ app: n, path: e }) {
  let t = n.library.folders.value;
  if (t === null) return a("p", { class: "empty", children: h.songs.loading });
  let s = t.get(e);
  return s === void 0 ? a(le, { label: h.lists.gone }) : a("section", {
    "aria-label": h.places.folders,
    children: [
      e === ""
        ? a("div", {
          class: "section-head",
          children: a("h1", { children: h.places.folders }),
        })
        : a(zi, {
          app: n,
          kind: h.places.folders,
          title: Ee(e),
          detail: h.lists.count(s.total, "song"),
          selection: `${e}/`,
        }),
      a(Et, {
        items: s.folders,
        label: h.places.folders,
        children: (r, i) =>
          a(Vi, {
            app: n,
            place: [i, s.folders.length],
            icon: "folder",
            to: { name: "folders", what: r.path },
            title: Ee(r.path),
            detail: h.lists.count(r.total, "song"),
            selection: `${r.path}/`,
          }, r.path),
      }),
      a(et, {
        app: n,
        songs: s.songs,
        label: h.places.songs,
        onPlay: (r, i) =>
          n.remote.choose({
            songs: s.songs.map(({ name: o }) => o),
            at: i,
            title: U(r.name, r).title,
          }),
      }),
    ],
  });
}
function Vi(
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
            ? a("span", { class: "art plain", children: a(A, { name: l }) })
            : a(ge, { app: n, of: null, title: r }),
          a("span", {
            class: "about",
            children: [
              a("span", { class: "title", children: a(_, { of: r }) }),
              a("span", { class: "detail", children: i }),
            ],
          }),
        ],
      }),
      a(fe, {
        app: n,
        label: h.play.more(r),
        title: r,
        items: () => Xt(n, { songs: [o], title: r }),
      }),
    ],
  });
}
function Sr({ app: n }) {
  let e = n.remote.elsewhere.value,
    t = e === null && n.remote.group.value !== null &&
      n.remote.group.value.devices.length > 1,
    s = e?.name ?? (t ? n.remote.group.value.name : h.output.here);
  return a("button", {
    type: "button",
    class: `output ${e || t ? "" : "here"}`,
    "aria-label": h.output.choose(S(s)),
    "aria-haspopup": "dialog",
    onClick: () => n.overlays.show({ kind: "output" }),
    children: [
      a(A, { name: e || t ? "device" : "browser" }),
      a("span", { children: a(_, { of: s }) }),
      a(A, { name: "down" }),
    ],
  });
}
function uc(n) {
  let e = n.ownKey;
  return (n.groups.rows.value ?? []).filter(({ devices: t }) =>
    t.every(({ key: s }) => s !== e)
  );
}
function cc({ app: n, onClose: e }) {
  let t = uc(n), s = n.remote.elsewhere.value?.group;
  return a(we, {
    title: h.output.title,
    onClose: e,
    children: [
      a("p", { class: "detail wrap", children: h.output.hint }),
      a("ul", {
        class: "choices",
        children: [
          a(Er, {
            icon: "browser",
            name: n.tab.name.value,
            detail: h.output.here,
            isChosen: s === void 0,
            onChoose: () => {
              e(), n.playHere();
            },
          }),
          t.map((r) =>
            a(Er, {
              icon: "device",
              name: r.name,
              detail: pc(n, r),
              isChosen: r.group === s,
              onChoose: () => {
                e(), n.remote.moveTo(r);
              },
            }, r.group)
          ),
        ],
      }),
      t.length === 0 && a(fc, {}),
      a("button", { type: "button", onClick: e, children: h.dialog.close }),
    ],
  });
}
function hc({ app: n, choice: e, onClose: t }) {
  let s = uc(n);
  return a(we, {
    title: `Play ${e.title} on`,
    onClose: t,
    children: [
      a("ul", {
        class: "choices",
        children: [
          a(Er, {
            icon: "browser",
            name: h.output.here,
            onChoose: () => {
              t(), n.destination.choose("here"), n.remote.choose(e);
            },
          }),
          s.map((r) =>
            a(Er, {
              icon: "device",
              name: r.name,
              detail: pc(n, r),
              onChoose: () => {
                t(), n.playOn(r, e);
              },
            }, r.group)
          ),
        ],
      }),
      s.length === 0 && a(fc, {}),
      a("button", { type: "button", onClick: t, children: h.dialog.cancel }),
    ],
  });
}
function fc() {
  return a("p", { class: "detail wrap", children: h.output.none });
}
function Er({ icon: n, name: e, detail: t, isChosen: s, onChoose: r }) {
  return a("li", {
    children: a("button", {
      type: "button",
      "aria-pressed": s,
      onClick: r,
      children: [
        a(A, { name: n }),
        a("span", {
          class: "about",
          children: [
            a("span", { class: "title", children: a(_, { of: e }) }),
            t && a("span", { class: "detail", children: a(_, { of: t }) }),
          ],
        }),
        s && a(A, { name: "check" }),
      ],
    }),
  });
}
function pc(n, e) {
  let { state: t, song: s } = e;
  if (It(e)) return h.rooms.away;
  let r = h.rooms.states[t];
  return t === "stopped" || s === null
    ? r
    : `${r}: ${U(s, n.library.named(s)).title}`;
}
function Ki({ value: n, onSlide: e, onSettle: t }) {
  let [s, r] = L(null), i = z(!1);
  return $(() => {
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
function He({ value: n, onSlide: e, onSettle: t, max: s, ...r }) {
  let [i, o] = Ki({ value: n, onSlide: e, onSettle: t }),
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
var Yi = 100, Gm = 3;
function mc({ app: n, song: e, bars: t, played: s = 0 }) {
  let r = n.waveforms.of(e).value;
  $(() => n.waveforms.watch(e), [e.name, e.etag]);
  let i = ze(() => zm(r, t), [r, t]);
  return a("svg", {
    class: `waveform ${r ? "" : "unknown"}`,
    viewBox: `0 0 ${t} ${Yi}`,
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
function zm(n, e) {
  let t = "", s = Math.max(1, ...n ?? []);
  for (let r = 0; r < e; r++) {
    let i = 0;
    if (n) {
      let l = Math.floor(r * n.length / e),
        u = Math.ceil((r + 1) * n.length / e);
      for (let c = l; c < u; c++) i = Math.max(i, n[c]);
    }
    let o = Math.max(Gm, Math.round(i / s * Yi));
    t += `M${r + .2} ${(Yi - o) / 2}h.6v${o}h-.6z`;
  }
  return t;
}
var Xm = globalThis.innerWidth < 760 ? 100 : 200;
function Ar({ app: n }) {
  let { remote: e, library: t } = n,
    s = e.song.value,
    r = e.seconds.value ?? 0,
    [i, o] = Ki({
      value: s === null ? 0 : e.position,
      onSettle: (c) => r > 0 && e.seek(c),
    }),
    l = s === null ? void 0 : t.named(s),
    u = r > 0 ? Math.min(1, i / r) : 0;
  return a("div", {
    class: "seek",
    children: [
      a("span", { class: "time", children: de(i) }),
      a("div", {
        class: "track",
        children: [
          l && a(mc, { app: n, song: l, bars: Xm, played: u }),
          a("input", {
            type: "range",
            "aria-label": h.player.position,
            "aria-valuetext": `${Dt(i)} of ${Dt(r)}`,
            min: "0",
            max: r || 1,
            step: "any",
            style: { "--part": `${u * 100}%` },
            disabled: s === null,
            value: i,
            ...o,
            onKeyDown: (c) => {
              let f = { ArrowLeft: -10, ArrowRight: 10 }[c.key];
              f !== void 0 && (c.preventDefault(), e.skip(f));
            },
          }),
        ],
      }),
      a("span", { class: "time", children: de(r) }),
    ],
  });
}
function Mr({ app: n }) {
  let { remote: e } = n,
    t = h.player,
    s = e.song.value !== null,
    r = e.isPaused.value,
    { shuffle: i = !1, repeat: o = "off" } = e.group.value ?? {},
    l = e.group.value !== null;
  return a("div", {
    class: "buttons",
    children: [
      a(N, {
        icon: "shuffle",
        label: t.shuffle,
        "aria-disabled": !l,
        "aria-pressed": i,
        title: t.shuffle,
        onClick: () => e.shuffle(!i),
      }),
      a(N, {
        icon: "previous",
        label: t.previous,
        "aria-disabled": !s,
        onClick: () => s && e.previous(),
      }),
      a(N, {
        class: "round main large",
        icon: s && !r ? "pause" : "play",
        label: s && !r ? t.pause : t.play,
        "aria-disabled": !s && !n.library.songs.value?.length,
        onClick: () => n.toggle(),
      }),
      a(N, {
        icon: "next",
        label: t.next,
        "aria-disabled": !s,
        onClick: () => s && e.next(),
      }),
      a(N, {
        icon: "repeat",
        label: t.repeat[o],
        "aria-disabled": !l,
        "aria-pressed": o !== "off",
        title: t.repeat[o],
        onClick: () => e.repeat(),
        children: o === "one" &&
          a("span", { class: "one", "aria-hidden": "true", children: "1" }),
      }),
    ],
  });
}
function Or({ app: n }) {
  let { remote: e } = n,
    { mute: t, unmute: s, volume: r } = h.player,
    i = e.isMuted;
  return a("div", {
    class: "volume",
    children: [
      a(N, {
        icon: i ? "mute" : "volume",
        label: i ? s : t,
        "aria-disabled": e.group.value === null,
        onClick: () => e.mute(!i),
      }),
      a(He, {
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
function dc({ app: n }) {
  return a("section", {
    class: "player",
    "aria-label": h.player.label,
    children: [
      a("button", {
        type: "button",
        class: "now",
        "aria-haspopup": "dialog",
        title: h.player.open,
        onClick: () => n.overlays.show({ kind: "playing" }),
        children: a(Vm, { app: n }),
      }),
      a("div", {
        class: "transport",
        children: [a(Mr, { app: n }), a(Ar, { app: n })],
      }),
      a("div", {
        class: "ends",
        children: [
          a(N, {
            icon: "list",
            label: h.player.queue,
            "aria-haspopup": "dialog",
            onClick: () => n.overlays.show({ kind: "playing" }),
          }),
          a(Sr, { app: n }),
          a(Or, { app: n }),
        ],
      }),
    ],
  });
}
function Vm({ app: n }) {
  let e = n.remote.shown;
  return e === null
    ? a(k, {
      children: [
        a("span", {
          class: "art",
          "aria-hidden": "true",
          children: a(A, { name: "song" }),
        }),
        a("span", {
          class: "about",
          children: [
            a("span", { class: "title", children: h.player.nothing }),
            a("span", { class: "detail", children: h.player.choose }),
          ],
        }),
      ],
    })
    : a(k, {
      children: [
        a(Vt, { app: n, song: e.song, size: 128 }),
        a("span", {
          class: "about",
          children: [
            a("span", {
              class: "title",
              children: a(_, { of: e.title || "\u2026" }),
            }),
            a("span", {
              class: "detail",
              children: a(Ji, { app: n, artist: e.artist }),
            }),
          ],
        }),
      ],
    });
}
function Ji({ app: n, artist: e }) {
  let { elsewhere: t } = n.remote,
    { value: s } = n.player.now,
    r = [],
    i = t.value && Km(t.value);
  if (i && r.push(S(i)), t.value === null && s !== null) {
    let { is: o } = n.own.value;
    s.state === null
      ? r.push(h.player.begins)
      : (o === "buffering" || o === "silenced") && r.push(h.rooms.own[o]),
      s.own || r.push(h.player.castHere);
  }
  return a(k, {
    children: [
      e !== null && a(_, { of: e }),
      e !== null && r.length > 0 && " \xB7 ",
      r.join(" \xB7 "),
    ],
  });
}
function Km({ problem: n, devices: e }) {
  return n ?? e.find((t) => t.problem)?.problem;
}
function Vt({ app: n, song: e, size: t }) {
  let s = n.library.named(e), { title: r, album: i } = U(e, s);
  return a(ge, { app: n, of: s?.art ? s : null, title: i ?? r, size: t });
}
function yc({ count: n, onMore: e }) {
  let t = z(null);
  return $(() => {
    let s = new IntersectionObserver(([{ isIntersecting: r }]) => r && e(), {
      rootMargin: "600px",
    });
    return s.observe(t.current), () => s.disconnect();
  }, [n]),
    a("p", { ref: t, class: "empty", children: h.lists.loading });
}
var Zi = "application/x-ondacast-entry";
function vc({ app: n }) {
  let { queue: e, remote: t } = n, s = t.group.value?.group ?? null;
  $(() => (e.show(s), () => e.show(null)), [s]);
  let r = e.page.value,
    i = r?.entries ?? [],
    o = i.findIndex(({ entry: u }) => u === r?.playing),
    l = i.slice(Math.max(0, o));
  return a("section", {
    class: "queue",
    "aria-label": h.player.queue,
    children: [
      a("div", {
        class: "section-head",
        children: [
          a("h2", { children: h.queue.title }),
          l.length > 1 && a("button", {
            type: "button",
            onClick: () => e.clear(),
            children: h.queue.clear,
          }),
        ],
      }),
      l.length === 0 && a("p", { class: "detail", children: h.queue.empty }),
      a("ol", {
        "aria-description": h.queue.keys,
        children: l.map((u) =>
          a(
            Ym,
            { app: n, row: u, all: l, isHere: u.entry === r?.playing },
            u.entry,
          )
        ),
      }),
      r?.hasMore && a(yc, { count: i.length, onMore: () => e.more() }),
    ],
  });
}
function Ym(n) {
  let { app: e, row: t, isHere: s } = n,
    [r, i] = L(!1),
    { entry: o, song: l, seconds: u } = t,
    c = t.problem === void 0 ? t.artist : xr(t),
    f = e.library.named(l),
    d = f ? U(l, f).title : t.title,
    p = S(d);
  return a("li", {
    class: `entry ${s ? "here" : ""} ${r ? "over" : ""}`,
    "aria-current": s,
    draggable: !0,
    onDragStart: ({ dataTransfer: m }) => m?.setData(Zi, String(o)),
    onDragOver: (m) => {
      m.dataTransfer?.types.includes(Zi) && (m.preventDefault(), i(!0));
    },
    onDragLeave: () => i(!1),
    onDrop: (m) => {
      i(!1);
      let b = Number(m.dataTransfer?.getData(Zi));
      !b || b === o || (m.preventDefault(), e.queue.move([b], o));
    },
    onKeyDown: (m) => {
      let b = Jm(n)[`${m.altKey ? "Alt+" : ""}${m.key}`];
      b !== void 0 && (m.preventDefault(), b());
    },
    children: [
      a("button", {
        type: "button",
        class: "whole",
        "aria-label": h.queue.jump(p),
        "aria-keyshortcuts": "Alt+ArrowUp Alt+ArrowDown Delete",
        onClick: () => {
          let m = e.remote.group.peek();
          m && e.actions.control(m, { action: "jump", value: o });
        },
        children: a("span", {
          class: "about",
          children: [
            a("span", { class: "title", children: a(_, { of: d }) }),
            c !== void 0 &&
            a("span", { class: "detail", children: a(_, { of: c }) }),
          ],
        }),
      }),
      a("span", { class: "time", children: u === null ? "" : de(u) }),
      a(fe, { app: e, label: h.queue.more(p), title: d, items: () => Zm(n) }),
    ],
  });
}
function gc({ app: n, row: e, all: t, isHere: s }) {
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
function Jm(n) {
  let { up: e, down: t, remove: s } = gc(n);
  return { "Alt+ArrowUp": e, "Alt+ArrowDown": t, Delete: s };
}
function Zm(n) {
  let e = gc(n), t = h.queue;
  return ["top", "up", "down", "last", "remove"].filter((s) => e[s] !== void 0)
    .map((s) => ({ label: t[s], act: e[s] }));
}
function wc({ app: n, onClose: e }) {
  let [t, s] = L(!1),
    r = h.player,
    i = n.remote.shown,
    o = i && n.library.named(i.song);
  return a(we, {
    title: r.label,
    kind: "playing",
    onClose: e,
    isBare: !0,
    children: [
      a("div", {
        class: "top",
        children: [
          a(N, { icon: "down", label: r.close, onClick: e }),
          a(Sr, { app: n }),
          o
            ? a(fe, {
              app: n,
              label: h.play.more(S(i.title)),
              title: i.title,
              items: () => br(n, o),
            })
            : a("span", { class: "gap" }),
        ],
      }),
      a("div", {
        class: "stage",
        children: [
          i ? a(Vt, { app: n, song: i.song, size: 512 }) : a("span", {
            class: "art",
            "aria-hidden": "true",
            children: a(A, { name: "song" }),
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
                children: i ? a(Ji, { app: n, artist: i.artist }) : r.choose,
              }),
            ],
          }),
          a(Ar, { app: n }),
          a(Mr, { app: n }),
          a("div", {
            class: "below",
            children: [
              a(Or, { app: n }),
              a(N, {
                icon: "info",
                label: r.details,
                "aria-expanded": t,
                onClick: () => s(!t),
              }),
            ],
          }),
          t && a(Qm, { app: n }),
        ],
      }),
      a(vc, { app: n }),
    ],
  });
}
function Qm({ app: n }) {
  let { player: e, remote: t, library: s } = n,
    r = h.player,
    i = t.elsewhere.value === null ? e.now.value?.state ?? null : null,
    o = t.song.value,
    l = i?.format ?? (o && s.named(o)?.format) ?? null,
    u = [
      [r.format, l ? ka(l) : "\u2013"],
      ...i
        ? [[r.buffer, `${i.bufferedSeconds.toFixed(1)} s`], [
          r.gaps,
          String(i.underruns),
        ], [r.rate, `${ut(e.dataRate.perSecond.value)}/s`]]
        : [],
    ];
  return a("dl", {
    class: "details",
    children: u.map(([c, f]) =>
      a(k, { children: [a("dt", { children: c }), a("dd", { children: f })] })
    ),
  });
}
function bc({ app: n }) {
  return a(k, {
    children: n.overlays.open.value.map((e, t) =>
      a(ed, { app: n, overlay: e }, t)
    ),
  });
}
function ed({ app: n, overlay: e }) {
  let t = { app: n, onClose: () => n.overlays.close(e) };
  switch (e.kind) {
    case "output":
      return a(cc, { ...t });
    case "playOn":
      return a(hc, { ...t, choice: e.choice });
    case "playing":
      return a(wc, { ...t });
    case "menu":
      return a(ju, { menu: e, onClose: t.onClose });
    case "delay":
      return a(nc, { ...t, device: e.device });
    case "rename":
      return a(tc, { ...t, song: e.song });
    case "name":
      return a(ec, { ...t });
    case "keys":
      return a(sc, { onClose: t.onClose });
  }
}
function xc(n, e) {
  let t = h.rooms,
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
      : kc(n, o),
    ...i.length > 0 ? [{ label: t.join }] : [],
    ...i.map((l) => ({
      label: "",
      name: l.name,
      icon: "add",
      act: () => void n.actions.group([...r, ...l.devices]),
    })),
  ];
}
function _c(n, { devices: e }, t) {
  return [
    ...kc(n, t),
    ...e.length > 1
      ? [{
        label: h.rooms.leave(t.name),
        icon: "close",
        act: () => void n.actions.ungroup([t]),
      }]
      : [],
  ];
}
function kc(n, e) {
  let { muted: t, name: s, key: r } = e,
    { mute: i, unmute: o, delay: l } = h.rooms;
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
var Qi = "application/x-ondacast-room", Ec = 5e3;
function eo({ app: n, row: e }) {
  let [t, s] = L(!1),
    { group: r, name: i, state: o, song: l, devices: u } = e,
    c = n.remote.elsewhere.value?.group === r,
    f = It(e),
    d = f ? "away" : o,
    p = _r(n.tab.welcome.value, e);
  return a("li", {
    class: `room ${c ? "chosen" : ""} ${t ? "over" : ""}`,
    onDragOver: (m) => {
      let b = m.dataTransfer?.types ?? [];
      [kr, Qi].some((D) => b.includes(D)) && (m.preventDefault(), s(!0));
    },
    onDragLeave: () => s(!1),
    onDrop: (m) => {
      s(!1), m.preventDefault(), id(n, e, m.dataTransfer);
    },
    children: [
      a("div", {
        class: "name",
        draggable: !0,
        onDragStart: ({ dataTransfer: m }) => m?.setData(Qi, r),
        children: [
          a(A, { name: "device" }),
          a("div", {
            class: "about",
            children: [
              a("h3", { children: a(_, { of: i }) }),
              a("span", {
                class: "detail does",
                children: [
                  a("span", {
                    class: `chip ${d}`,
                    children: f ? h.rooms.away : h.rooms.states[o],
                  }),
                  u.length > 1 && a("span", { children: Tr(rd(u)) }),
                  p && a(_, { of: p }),
                ],
              }),
            ],
          }),
          a(fe, {
            app: n,
            label: h.rooms.more(S(i)),
            title: i,
            items: () => xc(n, e),
          }),
        ],
      }),
      l !== null && o !== "stopped" && !f && a(td, { app: n, row: e, song: l }),
      a(sd, { row: e }),
      !f && a("label", {
        class: "volume",
        children: [
          a(A, { name: "volume" }),
          a("span", { class: "hidden", children: h.rooms.volume(S(i)) }),
          a(He, {
            max: 100,
            step: 1,
            value: n.groups.volumeOf(e),
            onSettle: (m) => n.actions.setVolume(e, m),
          }),
        ],
      }),
      u.length > 1 && a("ul", {
        class: "members",
        children: u.map((m) => a(nd, { app: n, row: e, device: m }, m.key)),
      }),
    ],
  });
}
function td({ app: n, row: e, song: t }) {
  let { groups: s, actions: r, library: i } = n,
    { state: o, seconds: l, entry: u } = e,
    c = S(e.name),
    f = s.positionOf(e),
    d = o === "playing",
    p = U(t, i.named(t)),
    m = e.artist ?? p.artist;
  return a(k, {
    children: [
      a("div", {
        class: "plays",
        children: [
          a(Vt, { app: n, song: t, size: 128 }),
          a("div", {
            class: "about",
            children: [
              a("span", {
                class: "title song-name",
                children: a(_, { of: p.title }),
              }),
              m && a("span", { class: "detail", children: a(_, { of: m }) }),
            ],
          }),
          a(N, {
            class: "round",
            icon: d ? "pause" : "play",
            label: d ? h.rooms.pause(c) : h.rooms.resume(c),
            onClick: () => r.control(e, { action: d ? "pause" : "resume" }),
          }),
        ],
      }),
      a("div", {
        class: "seek",
        children: [
          a("span", { class: "time", children: de(f) }),
          l === null ? a("span", {}) : a(He, {
            "aria-label": h.rooms.position(c),
            "aria-valuetext": Dt(f),
            max: l,
            value: f,
            onSettle: (b) => r.control(e, { action: "seek", value: b }),
          }),
          a("span", { class: "time", children: l === null ? "" : de(l) }),
          a("div", {
            class: "controls",
            children: [
              a(N, {
                icon: "stop",
                label: h.rooms.stop(c),
                onClick: () => r.control(e, { action: "stop" }),
              }),
              a(N, {
                icon: "next",
                label: h.rooms.next(c),
                onClick: () =>
                  r.control(e, {
                    action: "next",
                    ...u !== null && { entry: u },
                  }),
              }),
            ],
          }),
        ],
      }),
    ],
  });
}
function nd({ app: n, row: e, device: t }) {
  let s = S(t.name),
    r = Math.abs(t.step?.errorUs ?? 0),
    i = t.away ? h.rooms.away : r < Ec ? null : Tr(r);
  return a("li", {
    class: "member",
    children: [
      a("span", {
        class: "about",
        children: [
          a(_, { of: t.name }),
          i && a("span", { class: "detail", children: i }),
        ],
      }),
      a(He, {
        "aria-label": h.rooms.volume(s),
        max: 100,
        step: 1,
        value: n.groups.volumeOf(t),
        onSettle: (o) => n.actions.setVolume(t, o),
      }),
      a(fe, {
        app: n,
        label: h.rooms.more(s),
        title: t.name,
        items: () => _c(n, e, t),
      }),
    ],
  });
}
function sd({ row: n }) {
  let e = [n.problem, ...n.devices.map(({ problem: t }) => t)].filter((t) =>
    t !== void 0
  );
  return a(k, {
    children: e.map((t) =>
      a("p", { class: "problem", children: a(_, { of: t }) }, t)
    ),
  });
}
function rd(n) {
  return Math.max(...n.map(({ step: e }) => Math.abs(e?.errorUs ?? 0)));
}
function Tr(n) {
  let e = Math.abs(n);
  return e < Ec ? h.rooms.inStep : h.rooms.off(Math.round(e / 1e3));
}
function id(n, e, t) {
  let s = t.getData(kr);
  if (s) {
    let { title: i } = U(s, n.library.named(s));
    n.playOn(e, { songs: [s], title: i });
    return;
  }
  let r = n.groups.get(t.getData(Qi));
  r === void 0 || r === e || n.actions.group([...e.devices, ...r.devices]);
}
function to({ app: n }) {
  let e = n.ownKey,
    t = (n.groups.rows.value ?? []).filter(({ devices: s }) =>
      s.length > 1 || s.some(({ key: r }) => r !== e)
    );
  return a(k, {
    children: [
      a("ul", {
        class: "rooms",
        children: [
          t.map((s) => a(eo, { app: n, row: s }, s.group)),
          a(od, { app: n }),
        ],
      }),
      t.length === 0 &&
      a("p", {
        class: "detail wrap",
        children: [
          h.rooms.none,
          " ",
          a("code", { children: "ondacast receive" }),
          " ",
          h.rooms.noneThere,
        ],
      }),
      a(cd, { app: n }),
    ],
  });
}
function Sc({ app: n, group: e }) {
  let t = n.groups.get(e) ?? n.groups.of(e) ??
    n.groups.rows.value?.find(({ was: s }) => s === e);
  return a("section", {
    "aria-label": h.places.rooms,
    children: [
      a("div", {
        class: "section-head",
        children: a("h1", {
          children: t ? a(_, { of: t.name }) : h.places.rooms,
        }),
      }),
      t
        ? a("ul", {
          class: "rooms single",
          children: a(eo, { app: n, row: t }),
        })
        : a("p", { class: "detail", children: h.rooms.gone }),
    ],
  });
}
function od({ app: n }) {
  let { tab: e, player: t } = n, s = n.install.value;
  return a("li", {
    class: `room me ${n.remote.elsewhere.value ? "" : "chosen"}`,
    children: [
      a("div", {
        class: "name",
        children: [
          a(A, { name: "browser" }),
          a("div", {
            class: "about",
            children: [a("h3", { children: h.rooms.this }), a(ld, { app: n })],
          }),
        ],
      }),
      a("input", {
        type: "text",
        "aria-label": h.rooms.name,
        maxLength: 64,
        value: e.name.value,
        onChange: ({ currentTarget: r }) => {
          ud(n, r.value), r.value = e.name.value;
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
          a("span", { children: h.rooms.receive }),
        ],
      }),
      a("label", {
        class: "volume",
        children: [
          a(A, { name: "volume" }),
          a(He, {
            "aria-label": h.rooms.volume("this browser"),
            max: 100,
            step: 1,
            value: t.volume.value,
            onSlide: (r) => t.setVolume(r),
          }),
        ],
      }),
      a(ad, { app: n }),
      s &&
      a("button", { type: "button", onClick: s, children: h.rooms.install }),
    ],
  });
}
function ad({ app: { share: n } }) {
  let e = n.song.value;
  return xu()
    ? a(k, {
      children: [
        a("button", {
          type: "button",
          onClick: () => n.toggle(),
          children: e === null ? h.rooms.share : h.rooms.unshare,
        }),
        e !== null &&
        a("p", { class: "detail wrap", children: h.rooms.shared(S(e)) }),
      ],
    })
    : null;
}
function ld({ app: n }) {
  let e = n.own.value;
  return a("span", {
    class: "detail does",
    children: [
      a("span", { class: `chip ${e.is}`, children: h.rooms.own[e.is] }),
      e.is === "playing" && e.offMs !== null &&
      a("span", { children: Tr(e.offMs * 1e3) }),
    ],
  });
}
function ud(n, e) {
  try {
    n.tab.rename(bn(e.trim()));
  } catch (t) {
    X(t);
  }
}
function cd({ app: n }) {
  let e = n.devices.others.value.filter(({ receiving: t }) => !t);
  return e.length === 0 ? null : a("details", {
    class: "others",
    children: [
      a("summary", { children: h.rooms.others(e.length) }),
      a("ul", {
        children: e.map(({ key: t, name: s, state: r }) =>
          a("li", {
            class: "other",
            children: [
              a(_, { of: s }),
              " ",
              a("span", {
                class: `chip ${r.doing}`,
                children: h.rooms.states[r.doing],
              }),
              r.song !== void 0 &&
              a("p", {
                class: "detail",
                children: a(_, {
                  of: U(r.song, n.library.named(r.song)).title,
                }),
              }),
            ],
          }, t)
        ),
      }),
    ],
  });
}
var hd = 4;
function Ac({ app: n }) {
  let { library: e, found: t } = n, s = e.search.value;
  $(() => {
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
    ? a(le, {
      label: h.search.start,
      children: a("p", { class: "detail", children: h.search.startDetail }),
    })
    : a(k, {
      children: [
        l.length > 0 &&
        a(Be, {
          title: h.places.artists,
          children: a(Xi, { app: n, artists: l.slice(0, hd) }),
        }),
        o.length > 0 &&
        a(Be, {
          title: h.places.albums,
          children: a(dr, { app: n, albums: o }),
        }),
        i.length > 0
          ? a(Be, {
            title: h.places.songs,
            children: a(et, {
              app: n,
              songs: i,
              label: h.places.songs,
              onPlay: ({ name: u }) => n.play(u, i),
              onEnd: () => t.songs.more(),
            }),
          })
          : o.length + l.length === 0 && r !== null &&
            a(le, { label: h.songs.notFound(r.query.match ?? "") }),
      ],
    });
}
var Yt = [
  { name: "albums", icon: "album" },
  { name: "artists", icon: "artist" },
  { name: "songs", icon: "song" },
  { name: "playlists", icon: "list" },
  { name: "folders", icon: "folder" },
];
function Oc({ app: n }) {
  let { name: e } = n.places.now.value, t = Yt.some((s) => s.name === e);
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
      a(Kt, { way: { name: "home", icon: "home" }, at: e }),
      a("h2", { class: "desk", children: h.places.library }),
      Yt.map((s) => a(Kt, { way: { ...s, on: "desk" }, at: e }, s.name)),
      a(Kt, {
        way: {
          name: "albums",
          icon: "album",
          on: "phone",
          label: h.places.library,
        },
        at: t ? "albums" : e,
      }),
      a(Kt, { way: { name: "search", icon: "search" }, at: e }),
      a(Kt, { way: { name: "rooms", icon: "device" }, at: e }),
    ],
  });
}
function Tc({ app: n }) {
  let { name: e } = n.places.now.value;
  return a("nav", {
    class: "tabs",
    "aria-label": h.places.library,
    children: Yt.map((t) =>
      a("a", {
        href: he({ name: t.name, what: "" }),
        "aria-current": t.name === e ? "page" : void 0,
        onFocus: ({ currentTarget: s }) => Mc(s),
        ref: (s) => {
          t.name === e && s && Mc(s);
        },
        children: h.places[t.name],
      }, t.name)
    ),
  });
}
function Mc(n) {
  let e = n.parentElement;
  e.scrollLeft = n.offsetLeft - (e.clientWidth - n.clientWidth) / 2;
}
function Kt({ way: n, at: e }) {
  let { name: t, icon: s, on: r = "", label: i = h.places[t] } = n;
  return a("a", {
    class: r,
    href: he({ name: t, what: "" }),
    "aria-current": t === e ? "page" : void 0,
    children: [a(A, { name: s }), a("span", { children: i })],
  });
}
function Cc({ app: n }) {
  return a(k, {
    children: [
      a(fd, { app: n }),
      a(yd, { app: n }),
      a(md, { app: n }),
      n.places.now.value.name !== "rooms" &&
      a("aside", {
        class: "rooms-side",
        "aria-label": h.places.rooms,
        children: [a("h2", { children: h.places.rooms }), a(to, { app: n })],
      }),
      a(dc, { app: n }),
      a(Oc, { app: n }),
      a(vd, {}),
      a(bc, { app: n }),
      a(Zu, { app: n }),
      n.mayAdd.value && a(Pu, { app: n }),
    ],
  });
}
function fd({ app: n }) {
  return a("header", {
    children: [
      a("label", {
        class: "search",
        children: [
          a(A, { name: "search" }),
          a("span", { class: "hidden", children: h.search.label }),
          a("input", {
            type: "search",
            placeholder: h.search.hint,
            value: n.library.search.value,
            onFocus: () => n.library.recheck(),
            onInput: ({ currentTarget: e }) => n.search(e.value),
          }),
        ],
      }),
      a(dd, { app: n }),
      n.mayAdd.value && a(vr, { app: n }),
    ],
  });
}
var pd = {
  home: (n) => a($u, { app: n }),
  songs: (n) => a(rc, { app: n }),
  albums: (n, e) => e ? a(Ku, { app: n, albumKey: e }, e) : a(ic, { app: n }),
  artists: (n, e) => e ? a(Yu, { app: n, artist: e }, e) : a(oc, { app: n }),
  playlists: (n, e) => e ? a(Ju, { app: n, name: e }, e) : a(ac, { app: n }),
  folders: (n, e) => a(lc, { app: n, path: e }),
  search: (n) => a(Ac, { app: n }),
  rooms: (n, e) =>
    e ? a(Sc, { app: n, group: e }) : a("section", {
      "aria-label": h.places.rooms,
      children: [
        a("div", {
          class: "section-head",
          children: a("h1", { children: h.places.rooms }),
        }),
        a(to, { app: n }),
      ],
    }),
};
function md({ app: n }) {
  let { name: e, what: t } = n.places.now.value, s = z(null), r = z(!0);
  ce(() => {
    let o = document.activeElement instanceof HTMLInputElement;
    !r.current && !o && s.current.focus({ preventScroll: !0 }), r.current = !1;
  }, [e, t]);
  let i = t === "" && Yt.some((o) => o.name === e);
  return a("main", {
    ref: s,
    tabIndex: -1,
    class: `shows-${e}`,
    children: [
      a(Lu, { app: n }),
      i && a(Tc, { app: n }),
      n.isUnreachable.value && e !== "rooms"
        ? a(le, { label: h.status.unreachable, children: a(Fc, {}) })
        : pd[e](n, t),
    ],
  });
}
function dd({ app: n }) {
  let { tab: e, devices: t } = n, { state: s } = e.connection.value;
  return a("p", {
    class: `status ${s}`,
    role: "status",
    children: [
      a("span", { class: "dot", "aria-hidden": "true" }),
      a("span", {
        children: s === "online"
          ? a(k, {
            children: [
              a(_, { of: e.welcome.value?.server ?? "" }),
              h.status.counts(t.total.value, t.listeners.value),
            ],
          })
          : h.status[s],
      }),
    ],
  });
}
function yd({ app: n }) {
  let { tab: e } = n, t = e.connection.value;
  return t.state === "ended"
    ? a("p", {
      class: "banner",
      role: "alert",
      children: [a(_, { of: t.message }), " ", a(Fc, {})],
    })
    : !(e.silenced.value && n.player.song.value !== null) ||
        t.state !== "online"
    ? null
    : a("p", {
      class: "banner",
      role: "alert",
      children: [
        h.banner.silent,
        " ",
        a("button", {
          type: "button",
          onClick: () => e.touched(),
          children: h.banner.sound,
        }),
      ],
    });
}
function Fc() {
  return a("button", {
    type: "button",
    class: "main",
    onClick: () => location.reload(),
    children: h.banner.again,
  });
}
function vd() {
  return a("div", {
    class: "notices",
    role: "status",
    children: Ve.value.map((n) =>
      a("p", {
        children: [
          a(Tu, { words: n.words }),
          n.action && a("button", {
            type: "button",
            onClick: () => {
              zr(n), n.action.act();
            },
            children: n.action.label,
          }),
          a(N, {
            icon: "close",
            label: h.dialog.dismiss,
            onClick: () => zr(n),
          }),
        ],
      }, n.id)
    ),
  });
}
var no = new pr();
wo(a(Cc, { app: no }), document.getElementById("page"));
bo();
var { player: Nc, remote: St, overlays: gd, picked: wd } = no;
ko((n) => me(() => n(Nc.song.value !== null && !Nc.paused.value)));
_o({
  " ": () => no.toggle(),
  n: () => St.song.peek() !== null && St.next(),
  p: () => St.song.peek() !== null && St.previous(),
  m: () => St.mute(!St.isMuted),
  "/": () => document.querySelector("[type=search]")?.focus(),
  Escape: () => wd.end(),
  "?": () => gd.show({ kind: "keys" }),
});
