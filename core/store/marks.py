"""Marks of origin inside picture files: who made them, by what kind of process, and what they show."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from core.domain.generation import Origin

# Characters that XML 1.0 cannot hold even escaped. Source: https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Source: IPTC Photo Metadata Standard, "Digital Source Type"; Adobe XMP Specification part 1, packet wrapper.
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
   <Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/{source}</Iptc4xmpExt:DigitalSourceType>
   <xmp:CreatorTool>{tool}</xmp:CreatorTool>
   <dc:creator><rdf:Seq><rdf:li>{tool}</rdf:li></rdf:Seq></dc:creator>
   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">{description}</rdf:li></rdf:Alt></dc:description>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def clean_text(text: str) -> str:
    """``text`` without the characters that XML and PNG text cannot hold."""
    return _NOT_XML.sub("", text)


def write_xmp(origin: Origin, description: str) -> str:
    """The XMP packet of a picture made by ``origin`` that shows ``description``."""
    tool = f"Chamada – {origin.engine} {origin.model}".strip()
    return _PACKET.format(
        source=origin.digital_source_type,
        tool=escape(clean_text(tool)),
        description=escape(clean_text(description)),
    )
