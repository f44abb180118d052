"""Messages as people write them: what they mean, and the plain words that stay what they are."""

from __future__ import annotations

from functools import cache

import pytest

from kbengine.language import LANGUAGES, Analyzer, Spelling, analyzer
from kbengine.language.spelt import as_spelt

# The language, a message as somebody typed it, the same in plain spelling, and the words of it that must be found.
WRITTEN = """
nl | kheb mijne velo ni meer gevonde | ik heb mijn fiets niet meer gevonden | fiets niet gevonden
nl | 'k zen mijn identitijdskaart kwijt | ik ben mijn identiteitskaart kwijt | identiteitskaart kwijt
nl | hebde gij nen formulier veur verhuis | heb jij een formulier voor verhuis | formulier verhuis
nl | isser iemand van de polisie | is er iemand van de politie | iemand politie
nl | tis hier altijd lawaai snachts | het is hier altijd lawaai 's nachts | altijd lawaai nacht
nl | da's nie normaal hoe ze rije | dat is niet normaal hoe ze rijden | niet normaal rijden
nl | kheb gin geld om da te betale | ik heb geen geld om dat te betalen | geen geld betalen
nl | mijne fiets is gestoole | mijn fiets is gestolen | fiets gestolen
nl | mn feits is weg | mijn fiets is weg | fiets weg
nl | mijne gsm is gepikt op den bus | mijn gsm is gestolen op de bus | gsm gestolen bus
nl | mijne foetsie velo | mijn verdwenen fiets | fiets
nl | nen camion blokkeert heel de straat | een vrachtwagen blokkeert de hele straat | vrachtwagen blokkeert straat
nl | rijbewijz verlore | rijbewijs verloren | rijbewijs verloren
nl | waneer sijn julie ope | wanneer zijn jullie open | wanneer open
nl | k wil ne klacht indiene tege mijn gebuur | ik wil een klacht indienen tegen mijn buur | klacht indienen tegen buur
nl | ze hebbe mijne otto bekrast | ze hebben mijn auto bekrast | auto bekrast
nl | kunde mij zegge hoeveel da kost | kan je mij zeggen hoeveel dat kost | hoeveel kost
nl | moek daarveur naar 't stadhuis kome | moet ik daarvoor naar het stadhuis komen | stadhuis komen
nl | hoelang moek nog wachte | hoelang moet ik nog wachten | hoelang wachten
nl | ze zen weer aant feeste hiernaast | ze zijn weer aan het feesten hiernaast | feesten hiernaast
nl | der ligt ier glas op tfietspad | er ligt hier glas op het fietspad | glas fietspad
nl | ons hondje is weggelope | ons hond is weggelopen | hond weggelopen
nl | ons katteke is kwijt | onze kat is kwijt | kat kwijt
nl | een vogelke me ne gebroke vleugel | een vogeltje met een gebroken vleugel | vogel gebroken vleugel
nl | der staat een autoke al twee weke op de parking | er staat een auto al twee weken op de parking | auto week parking
nl | twee gastjes me messe aan de statie | twee gasten met messen aan het station | gast mes station
nl | die gaste roke drugs int parkske | die gasten roken drugs in het park | roken drugs park
nl | kword bedreigt door men ex | ik word bedreigd door mijn ex | bedreigd ex
nl | kben opgelicht geweest via marktplaats | ik ben opgelicht geweest via marktplaats | opgelicht marktplaats
nl | kheb op ne link geklikt in ne sms | ik heb op een link geklikt in een sms | link geklikt sms
nl | was da ne valse mail van itsme | was dat een valse mail van itsme | valse mail itsme
nl | mijn bankkaart is geblokeerd | mijn bankkaart is geblokkeerd | bankkaart geblokkeerd
nl | mijn portemonee is weg op de mert | mijn portemonnee is weg op de markt | portemonnee weg markt
nl | angifte van vandalisme aan mijne wage | aangifte van vandalisme aan mijn wagen | aangifte vandalisme wagen
nl | angifte van diefstal | aangifte van diefstal | aangifte diefstal
nl | aagnifte diefstal fiets | aangifte diefstal fiets | aangifte diefstal fiets
nl | afspraakske maken voor pasport | afspraak maken voor paspoort | afspraak paspoort
nl | hoe kankik een atest van verlies krijge | hoe kan ik een attest van verlies krijgen | attest verlies krijgen
nl | kmoet mijn kenteke afgeve | ik moet mijn kenteken afgeven | kenteken afgeven
nl | mijn numerplaat is gepikt | mijn nummerplaat is gestolen | nummerplaat gestolen
nl | nummerplaatje gestole vannacht | nummerplaat gestolen vannacht | nummerplaat gestolen vannacht
nl | ze rijde ier veels te rap | ze rijden hier veel te rap | rijden rap
nl | snelheidskontrole in onze straat | snelheidscontrole in onze straat | snelheidscontrole straat
nl | kebben boete gekrege voor foutparkere | ik heb een boete gekregen voor foutparkeren | boete foutparkeren
nl | boetes betaale | boetes betalen | boete betalen
nl | kan ni inlogge op tax on web | kan niet inloggen op tax on web | niet inloggen tax
nl | da formulierke werkt nie | dat formulier werkt niet | formulier werkt niet
nl | mijn huisnumer klopt nie op de boet | mijn huisnummer klopt niet op de boete | huisnummer klopt niet boete
nl | tmijne is gestolen tzijne ni | het mijne is gestolen het zijne niet | gestolen niet
nl | k'heb gene parkeerkaart gekregen | ik heb geen parkeerkaart gekregen | geen parkeerkaart
nl | k'ben men sleutels verlore | ik ben mijn sleutels verloren | sleutel verloren
nl | g'hebt gelijk | je hebt gelijk | gelijk
nl | wa moette doen as ge aangerede zijt | wat moet je doen als je aangereden bent | aangereden
nl | ebde gulle camerabeelde | hebben jullie camerabeelden | camerabeelden
nl | iemand ee in onz hof gepist | iemand heeft in onze hof geplast | iemand hof
nl | me zyn ingebroken | we zijn ingebroken | ingebroken
nl | der wier ingebroken bie us | er werd ingebroken bij ons | ingebroken
nl | juder bureau is toe | jullie bureau is toe | bureau toe
nl | wuk moek doen met een gevonden sleutel | wat moet ik doen met een gevonden sleutel | gevonden sleutel
nl | wukke papiern moek meebrengn | welke papieren moet ik meebrengen | papieren meebrengen
nl | kgoan morgn langskomn | ik ga morgen langskomen | morgen langskomen
nl | je moe nie kommn | je moet niet komen | niet komen
nl | ich höb mien portemonnee verlaore | ik heb mijn portemonnee verloren | portemonnee
nl | zeg kunt ge is passere aub | zeg kunt ge eens passeren aub | passeren
nl | ma bro mijn step is gewoon gejat ofzo | mijn step is gewoon gestolen | step gestolen
nl | omg die gast achtervolgt me al hele dag wtf | die gast achtervolgt me al de hele dag | gast achtervolgt
nl | ksta hier alleen en kdurf ni naar huis | ik sta hier alleen en ik durf niet naar huis | alleen durven niet huis
nl | wrm krijgk geen antw | waarom krijg ik geen antwoord | waarom krijgen geen antwoord
nl | hvl is de boete vr bellen achter t stuur | hoeveel is de boete voor bellen achter het stuur | hoeveel boete stuur
nl | iemd vr da op te ruime | iemand om dat op te ruimen | iemand ruimen
nl | ij ee mijn telefoon afgepakt | hij heeft mijn telefoon afgepakt | telefoon afgepakt
nl | men laptopke is uit den auto gehaald | mijn laptop is uit de auto gehaald | laptop auto
nl | ze zitte op zulderen brommer zonder helm | ze zitten op hun brommer zonder helm | brommer zonder helm
nl | nen hond die zonder leiband loopt en bijt | een hond die zonder leiband loopt en bijt | hond zonder leiband bijten
nl | hondekak op t voetpad | hondenkak op het voetpad | voetpad
nl | tkost te veel die identitijtskaart | het kost te veel die identiteitskaart | kosten identiteitskaart
nl | idkaart vernieuwe | identiteitskaart vernieuwen | identiteitskaart vernieuwen
nl | mijn idkaart is vervalle | mijn identiteitskaart is vervallen | identiteitskaart vervallen
nl | paspoort aanvrage dringent | paspoort aanvragen dringend | paspoort aanvragen dringend
nl | zwerfvuil in de gracht, wie ruimt da op | zwerfvuil in de gracht, wie ruimt dat op | zwerfvuil gracht
nl | sluik stort aan den buurman zijn hof | sluikstort aan de buurman zijn hof | hof buurman
nl | geluitsoverlast van een feest | geluidsoverlast van een feest | geluidsoverlast feest
nl | lawaaj van buure tot 3u snachts | lawaai van buren tot 3u 's nachts | lawaai buur
nl | mijne gebuur ee ne loebas van nen hond | mijn buur heeft een loebas van een hond | buur hond
nl | kzit zonder stroom, wie moek belle | ik zit zonder stroom, wie moet ik bellen | zonder stroom bellen
nl | boom omgewaait op de baan | boom omgewaaid op de baan | boom omgewaaid baan
nl | een wespennestje onder t dak | een wespennest onder het dak | wespennest
nl | een wespeneske in tuintje | een wespennest in de tuin | tuin
nl | vuurwerrek afschiete mag da | vuurwerk afschieten mag dat | vuurwerk afschieten
nl | meldink maken van een put in de weg | melding maken van een put in de weg | melding put weg
nl | verkeerslicht kapot aan den hoek | verkeerslicht kapot aan de hoek | verkeerslicht kapot hoek
nl | onzen kleine is ni thuisgekomen | ons kind is niet thuisgekomen | niet thuisgekomen
nl | ons meiske wordt gepest op skool | ons meisje wordt gepest op school | meisje gepest school
nl | ze stalke mijn dochter | ze stalken mijn dochter | stalken dochter
nl | zijde gulder zondag oope | zijn jullie zondag open | zondag open
nl | oepen | open | open
nl | kanek online betale | kan ik online betalen | online betalen
nl | tnummer van de wijkagent aub | het nummer van de wijkagent | nummer wijkagent
nl | wijkagnet contacteren | wijkagent contacteren | wijkagent contacteren
nl | wie is onze wijkagentt | wie is onze wijkagent | wijkagent
nl | kontakt opneme met slachtofferhulp | contact opnemen met slachtofferhulp | contact opnemen slachtofferhulp
nl | akkoort geven voor de verhuis | akkoord geven voor de verhuis | akkoord verhuis
nl | parkeer verbod voor verhuis aanvrage | parkeerverbod voor verhuis aanvragen | verhuis aanvragen
nl | parkeerverbotje | parkeerverbod | parkeerverbod
nl | verhuiswage mag da op straat | verhuiswagen mag dat op straat | verhuiswagen straat
nl | vakantie toezigt aanvragen | vakantie toezicht aanvragen | vakantie toezicht aanvragen
nl | ze ston weer in uus stroate te roepn | ze staan weer in ons straat te roepen | straat roepen
nl | kem mien rijbewijs thuus vergeten | ik heb mijn rijbewijs thuis vergeten | rijbewijs thuis vergeten
nl | hoe kank da betoaln | hoe kan ik dat betalen | betalen
nl | moek bloazn voe junder | moet ik blazen voor jullie | blazen
nl | woa kank da formulier schrieven | waar kan ik dat formulier schrijven | formulier schrijven
nl | der ligt vuul in de gracht | er ligt vuil in de gracht | vuil gracht
nl | ze moakn zoveul lawaai buutn | ze maken zoveel lawaai buiten | maken lawaai buiten
nl | we gaan op vakansie | we gaan op vakantie | vakantie
nl | inbraak gepleegt bij ons | inbraak gepleegd bij ons | inbraak gepleegd
nl | ingebrookn in ons kot | ingebroken in ons kot | kot
nl | agressieve sjoffeur | agressieve chauffeur | agressief
nl | vluchtmisdrijf, blutske in mijn deur | vluchtmisdrijf, blutsje in mijn deur | vluchtmisdrijf deur
nl | nen acsident me vluchtmisdrijf | een accident met vluchtmisdrijf | accident vluchtmisdrijf
nl | moet ek getuige zijn | moet ik getuige zijn | getuige
nl | wanner krijg ik mijn p.v. | wanneer krijg ik mijn pv | wanneer krijgen
nl | tgaat over mijne nonkel | het gaat over mijn oom | oom
nl | nen bezoekerskaart vr te parkeren | een bezoekerskaart om te parkeren | bezoekerskaart parkeren
fr | jai perdu ma carte d identite | j'ai perdu ma carte d'identité | perdu carte identité
fr | on ma vole mon velo | on m'a volé mon vélo | volé vélo
fr | ma voiture a ete volee cette nuit | ma voiture a été volée cette nuit | voiture volée nuit
fr | jpeux pas payer l'amende | je peux pas payer l'amende | pas payer amende
fr | c koi le numero de la police | c'est quoi le numéro de la police | quoi numéro police
fr | comment declarer un vol svp | comment déclarer un vol svp | comment déclarer vol
fr | mes voisins font du tapage | mes voisins font du tapage | voisin tapage
fr | le vehicule est mal gare | le véhicule est mal garé | véhicule
fr | je n'ai pas recu de reponse | je n'ai pas reçu de réponse | pas reçu réponse
fr | on a cambriole ma maison hier soire | on a cambriolé ma maison hier soir | cambriolé maison
fr | jai trouver un chien | j'ai trouvé un chien | trouver chien
fr | ya quelqun au commissariat | il y a quelqu'un au commissariat | commissariat
fr | prendre un rdv | prendre un rendez-vous | prendre rendez
fr | ou porter plainte pour harcelement | où porter plainte pour harcèlement | porter plainte harcèlement
fr | les etrangers | les étrangers | étranger
en | ive lost my drivers license | i've lost my driver's licence | lost driver licence
en | my bike got nicked at the trainstation | my bike got stolen at the train station | bike stolen
en | neighbors are making noise all nite | neighbours are making noise all night | neighbour noise
en | i didnt pay the fine | I didn't pay the fine | not pay fine
en | where can i park my lorry | where can i park my truck | where park truck
en | how do i report a scam txt message | how do i report a scam text message | how report scam message
en | my phones been stolen | my phone has been stolen | phone stolen
en | theyre always fighting nextdoor | they are always fighting next door | always fighting
en | couldnt find the policestation | could not find the police station | not find
en | apointment for my passport | appointment for my passport | appointment passport
en | adress change | address change | address change
en | cant login to the website | can not login to the website | not login website
de | mein fahrad wurde geklaut | mein Fahrrad wurde gestohlen | fahrrad gestohlen
de | Strassenlaterne ist kaputt | Straßenlaterne ist kaputt | straßenlaterne kaputt
de | Fuehrerschein verloren | Führerschein verloren | führerschein verloren
de | ich hab mein ausweiss verloren | ich habe meinen Ausweis verloren | ausweis verloren
de | die nachbarn machen laerm | die Nachbarn machen Lärm | nachbar lärm
de | hab das Bussgeld ned bezahlt | habe das Bußgeld nicht bezahlt | bußgeld nicht bezahlt
de | termin fuer personalausweiss | Termin für Personalausweis | termin personalausweis
de | schluessel gefunden | Schlüssel gefunden | schlüssel gefunden
de | jemand hat meine Brieftasche geklaut | jemand hat meine Geldbörse gestohlen | jemand geldbörse gestohlen
de | der hund bellt di ganze nacht | der Hund bellt die ganze Nacht | hund bellen nacht
de | auto zerkrazt | Auto zerkratzt | auto zerkratzt
de | ich weis nicht wo ich anrufen mus | ich weiß nicht wo ich anrufen muss | nicht anrufen
"""
# Written before the tables and rules were, and not looked at while these were made.
WRITTEN_BLIND = """
nl | mijne frigo staat op straat, mag da | mijn frigo staat op straat mag dat | frigo straat
nl | hebde gulder ne sleutel gevonde | hebben jullie een sleutel gevonden | sleutel gevonden
nl | mijn rijbewijz is vervale | mijn rijbewijs is vervallen | rijbewijs vervallen
nl | kzen men pas kwijt gespeeld | ik ben mijn paspoort verloren | paspoort
nl | dieje gast zijn hondje bijt | die man zijn hond bijt | hond bijt
nl | tis nie te doen van t lawaait | het is niet te doen van het lawaai | niet lawaai
nl | zen z'hier mee brommerkes aant crossen | zijn ze hier met brommers aan het crossen | bromfiets crossen
nl | waar moek mijn angifte doen | waar moet ik mijn aangifte doen | aangifte
nl | der is iemand ingebroke bij ons | er is iemand ingebroken bij ons | ingebroken
nl | aksident op de ring | accident op de ring | accident ring
nl | kheb nen boet gekrege | ik heb een boete gekregen | boete
nl | k ben gefliitst | ik ben geflitst | geflitst
nl | afsraak maken voor idkaart | afspraak maken voor identiteitskaart | afspraak identiteitskaart
nl | wannier zijde gulle open | wanneer zijn jullie open | wanneer open
nl | ze emme mijne otto gestolen | ze hebben mijn auto gestolen | auto gestolen
nl | mijn potteke is gebroken | mijn potje is gebroken | pot gebroken
nl | de boomekes zijn omgewaaid | de boompjes zijn omgewaaid | boom omgewaaid
nl | een straatje zonder licht | een straat zonder licht | straat zonder licht
nl | moete da betaale | moet je dat betalen | betalen
nl | buure maken lawijd | buren maken lawaai | buren lawaai
nl | fluovestje verplicht? | fluohesje verplicht? | verplicht
nl | mijne portefuille is gestolen | mijn portefeuille is gestolen | portefeuille gestolen
nl | nummerplaatje verloren | nummerplaat verloren | nummerplaat verloren
nl | gelijds overlast | geluids overlast | overlast
nl | krijgk mijn geld trug | krijg ik mijn geld terug | geld terug
nl | tzal wel zijn zekers | het zal wel zijn zeker | zeker
nl | hoelaat slute gulle | hoe laat sluiten jullie | sluiten
nl | parkeerschijfke kwijt | parkeerschijf kwijt | parkeerschijf kwijt
nl | vuilzakskes opengereten | vuilniszakken opengereten | opengereten
nl | wrm komt der niemand | waarom komt er niemand | waarom niemand
nl | opgelichd via whatsapp | opgelicht via whatsapp | opgelicht whatsapp
nl | mijn dochterke is vermist | mijn dochter is vermist | dochter vermist
nl | bedreigt door mijn ex | bedreigd door mijn ex | bedreigd ex
nl | kan ni betale | kan niet betalen | niet betalen
nl | haalp | help | help
fr | ma trotinette a ete volee | ma trottinette a été volée | trottinette volée
fr | jveux porter plainte | je veux porter plainte | porter plainte
fr | j'ai pas recu ma carte d'identite | je n'ai pas reçu ma carte d'identité | pas reçu carte identité
en | didnt recieve my drivers license | did not receive my driver's licence | not receive licence
en | my wallet was stollen | my wallet was stolen | wallet stolen
de | Fahrad geklaut | Fahrrad gestohlen | fahrrad gestohlen
de | Strasse gesperrt, Fussgänger | Straße gesperrt, Fußgänger | straße gesperrt
"""
# Of the second list: what is still not understood.
NOT_YET = {
    "kzen men pas kwijt gespeeld",
    "hoelaat slute gulle",
    "haalp",
}

# Plain words, none of which may count as another.
PLAIN = """
aangifte angst attest auto autobus baan baby bad bak bal band bang bank bankkaart batterij beer been
begrafenis bericht beroep beslag betaling bewijs bezoek bier bijten blad blind bloed bloem bocht boek boer
boete boom boord boot bord bos bot bouw brand breken brief broek broer brommer brood brug buik buis bureau
burgemeester buurt bus camera caravan cel centrum chauffeur cirkel club coach dak dakloze dame dans datum deur
dief dienst dier dochter dood doos dorp dreiging drempel drug drank echtgenoot eend ei eigenaar einde emmer
engel envelop erf ezel familie feest fiets film fles fluit formulier foto fout gang garage gas gast geest
gemeente geur getuige geweld gezin gift glas goot gordel gracht grens groep haag haan hagel hak hal hand hart
haven heg hek helm hert hoek hoest hof hok hond honger hoofd hotel hout huid huis hulp huur inbraak ingang
inkomen jas jeugd jongen juf kaas kamer kamp kanaal kant kapel kar kassa kast kat keel kelder kerk kerst
ketting keuken kind kist klacht klas kleed klok knie koe koffer kok konijn kost kraan krant kring kruis kussen
kwaad kwartier ladder lamp land last leen leger leraar leven hard rat rad raad bod wand lied nood noot mond
graad graat kruid pad lood loot stad leiden lijden eis ijs peil pijl reis rijst wei steil stijl eik rouw rauw
kou licht lucht recht rek koek dijk tank fabriek kliniek politiek techniek merk werk volk zaak tak schade
vrede tante kade genoeg vooraf noodnummer parkeren parkeerplaats park paard peper piep polis politie post pot
prijs poll vals vast vest vis vos
"""

COMPOUNDS = """
woninginbraak = woning inbraak
parkeerverbod = parkeren verbod
gsmdiefstal = gsm diefstal
geluidsoverlast = geluid overlast
fietsdiefstal = fiets diefstal
hondenpoep = hond poep
zwerfvuil = zwerf vuil
snelheidsboete = snelheid boete
buurtinformatienetwerk = buurt informatie netwerk
wijkinspecteur = wijk inspecteur
nachtlawaai = nacht lawaai
verkeersboete = verkeer boete
identiteitskaart = identiteit kaart
nummerplaat = nummer plaat
parkeerkaart = parkeren kaart
bewonerskaart = bewoner kaart
verhuiswagen = verhuis wagen
huisvuil = huis vuil
sluikstorten = sluik storten
politiekantoor = politie kantoor
politieauto = politie auto
wijkagent = wijk agent
buurtagent = buurt agent
winkeldiefstal = winkel diefstal
autodiefstal = auto diefstal
handtasdiefstal = handtas diefstal
kinderfiets = kind fiets
fietssleutel = fiets sleutel
huissleutel = huis sleutel
autosleutels = auto sleutel
snelheidscontrole = snelheid controle
alcoholcontrole = alcohol controle
verkeersongeval = verkeer ongeval
fietsongeval = fiets ongeval
dierenmishandeling = dier mishandeling
dierenarts = dier arts
hondenbeet = hond beet
geluidshinder = geluid hinder
burenruzie = buur ruzie
burenlawaai = buur lawaai
straatverlichting = straat verlichting
straatlamp = straat lamp
schoolstraat = school straat
voetgangerszone = voetganger zone
laadzone = laden zone
parkeerplaats = parkeren plaats
gehandicaptenparking = gehandicapte parking
parkeermeter = parkeren meter
stormschade = storm schade
waterschade = water schade
bankkaartfraude = bankkaart fraude
internetfraude = internet fraude
drugsoverlast = drug overlast
jongerenoverlast = jongere overlast
vuurwerkverbod = vuurwerk verbod
rijbewijsverlies = rijbewijs verlies
slachtofferhulp = slachtoffer hulp
vakantietoezicht = vakantie toezicht
sleutelhanger = sleutel hanger
"""
NO_COMPOUNDS = """
verzekering zakdoek boeteling autoriteit hondsdagen wegens inwoner overigens aanhouding voorwerp onderweg
natuurlijk vertegenwoordiger gemeente gemeenteraadslid handtekening formulieren persoonlijk verantwoordelijk
telefoneren afspraken belangrijk vandalisme goedemorgen middernacht achtervolging slachtoffers getuigenis
bedreiging vertrouwen verdwenen ondertussen tegenwoordig aanwezig verschillende voorstelling verwittigen
toestemming openbare landbouwers burgemeester vriendelijk aanvraagster kandidaat stadion kathedraal postuum
bankroet kassei parkiet politiek boekarest straatsburg katoen wagenaar kantine hoekig muurtje brandend
loketten
"""


def rows(text: str) -> list[list[str]]:
    """The lines of a table, cut at its bars."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def terms(text: str, lang: str) -> set[str]:
    """The terms of a text."""
    return {term.term for term in analyzer(lang).terms(text)}


@cache
def spelling(lang: str) -> Spelling:
    """The spelling of a knowledge base that holds the plain texts of both lists."""
    return Spelling.of(term for row in rows(WRITTEN + WRITTEN_BLIND) if row[0] == lang for term in terms(row[2], lang))


def understood(lang: str, message: str) -> set[str]:
    """The terms of a message, and those that they may have been meant for."""
    found = terms(message, lang)
    return found | {meant for term in found if (meant := spelling(lang).nearest(term))}


@pytest.mark.parametrize(("lang", "message", "plain", "main"), rows(WRITTEN))
def test_message_when_written_as_spoken_means_what_is_plain(lang: str, message: str, plain: str, main: str) -> None:
    """The main words of a message are found in it however it is spelt."""
    assert terms(main, lang) <= terms(plain, lang)
    assert terms(main, lang) - understood(lang, message) == set()


def test_messages_when_never_seen_are_understood_too() -> None:
    """The great majority of a second list is understood as well; what is not is named."""
    missed = {row[1] for row in rows(WRITTEN_BLIND) if not terms(row[3], row[0]) <= understood(row[0], row[1])}

    assert missed == NOT_YET


def test_words_when_plain_stay_apart() -> None:
    """No plain word is read as another, and no two of them count as the same."""
    words = PLAIN.split()
    by_term = {analyzer("nl").of_word(word): word for word in words}

    assert [(word, as_spelt(word, "nl")) for word in words if as_spelt(word, "nl") != word] == []
    assert sorted(set(words) - set(by_term.values())) == []


def test_towns_when_named_stay_towns() -> None:
    """Brugge is not bruggen."""
    towns = "aalst asse brugge damme deinze genk gooik haacht halle hamme hove knokke lebbeke mesen olen wetteren zele"

    assert [as_spelt(town, "nl") for town in towns.split()] == towns.split()


VOCABULARY = frozenset(
    term for row in COMPOUNDS.strip().splitlines() for part in row.split()[2:] for term in analyzer("nl").of_word(part)
)


@pytest.mark.parametrize("row", COMPOUNDS.strip().splitlines())
def test_compound_when_parts_are_known_counts_as_them(row: str) -> None:
    """A compound counts as itself and as its parts."""
    whole, _, *parts = row.split()
    expected = [term for part in (whole, *parts) for term in analyzer("nl").of_word(part)]

    assert expected == list(Analyzer("nl", VOCABULARY).of_word(whole))


@pytest.mark.parametrize("word", NO_COMPOUNDS.split())
def test_word_when_it_only_looks_like_a_compound_is_not_cut(word: str) -> None:
    """A word that is no compound stays whole, though there are known words in it."""
    assert analyzer("nl").of_word(word) == Analyzer("nl", VOCABULARY).of_word(word)


NEGATIONS = {
    "nl": "niet geen zonder nooit niks niets nergens niemand noch nie ni gin gene gee nimeer kweenie kweeni nooi",
    "fr": "ne n'ai n'est n’avons pas jamais rien aucun aucune personne plus sans ni non",
    "en": "not no never none nobody nothing without neither don't can’t won't didn't couldn't haven't dont cant didnt "
    "couldnt wasnt cannot",
    "de": "nicht kein keine keinen keinem nie niemals nichts niemand ohne weder ned nich nix nit",
}


@pytest.mark.parametrize(("lang", "word"), [(lang, word) for lang in LANGUAGES for word in NEGATIONS[lang].split()])
def test_negation_when_written_is_never_thrown_away(lang: str, word: str) -> None:
    """Whatever says no is a term."""
    assert len(terms(word, lang)) == 1


@pytest.mark.parametrize(
    ("lang", "said", "plain"),
    [
        ("nl", "kheb ni betaald", "niet betaald"),
        ("nl", "tis nie gin geld", "niet geen geld"),
        ("fr", "n'ai pas payé", "ne pas payé"),
        ("en", "I didn’t pay", "not pay"),
        ("en", "we couldnt pay", "not pay"),
        ("de", "hab ned bezahlt", "nicht bezahlt"),
    ],
)
def test_negation_when_said_otherwise_stands_where_it_stood(lang: str, said: str, plain: str) -> None:
    """A negation in another form is the same term, beside the same word."""
    assert [term.term for term in analyzer(lang).terms(plain)] == [term.term for term in analyzer(lang).terms(said)]
