var o = class extends AudioWorkletProcessor {
    #s = [];
    #t = 0;
    #e = 0;
    #i = null;
    #h = !1;
    constructor() {
      super(),
        this.port.onmessage = ({ data: t }) => {
          if (t === "end") this.#h = !0;
          else if (t === "drop") {
            for (let [s] of this.#s) this.#e += s.length;
            this.#e -= this.#t, this.#s.length = 0, this.#t = 0;
          } else this.#s.push(t);
        };
    }
    process(t, [s]) {
      let h = s[0].length, e = 0;
      for (; e < h && this.#s.length > 0;) {
        let [n] = this.#s;
        this.#n(currentFrame + e - this.#e);
        let i = Math.min(n[0].length, this.#t + h - e);
        for (let r = 0; r < s.length; r++) {
          s[r].set(n[r].subarray(this.#t, i), e);
        }
        if (
          e += i - this.#t, this.#e += i - this.#t, this.#t = i, i < n[0].length
        ) break;
        this.#s.shift(), this.#t = 0;
      }
      return !this.#h || this.#s.length > 0 ? !0 : (this.#r("ended"), !1);
    }
    #n(t) {
      t !== this.#i && (this.#i = t, this.#r({ aheadFrames: t }));
    }
    #r(t) {
      this.port.postMessage(t);
    }
  },
  u = 1024,
  l = class extends AudioWorkletProcessor {
    #s = [];
    #t = 0;
    process([t]) {
      return t.length === 0 || (this.#t === 0 && (this.#s = t.map(() =>
        new Float32Array(u)
      )),
        t.forEach((s, h) => this.#s[h].set(s, this.#t)),
        this.#t += t[0].length,
        this.#t < u) ||
        (this.port.postMessage(this.#s), this.#t = 0),
        !0;
    }
  };
registerProcessor("pcm", o);
registerProcessor("microphone", l);
