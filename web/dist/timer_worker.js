onmessage=({data:{id:e,ms:s}})=>{setTimeout(()=>postMessage(e),s)};
