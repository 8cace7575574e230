"""
French words that say nothing about a subject, and words of tenders that say little; folded as `tokens` folds them.

Source: docs/matching.md, "Words".
"""

from __future__ import annotations

_GRAMMAR = """
a ai aie aient ait alors apres as au aucun aucune aujourd auquel aura aurait auront aussi autre autres aux auxquels
auxquelles avaient avait avant avec avez avoir avons ayant c ca car ce ceci cela celle celles celui cependant certain
certaine certaines certains ces cet cette ceux chacun chacune chaque chez ci comme comment concernant d dans de depuis
des desdits deja donc dont du durant d elle elles en encore entre est et etaient etait etant ete etes etre eux fait
faire font hors hui il ils j jusqu jusque l la le lequel laquelle lesquelles lesquels les leur leurs lors lorsqu lorsque
lui m ma mais malgre me meme memes mes moi moins mon n ne ni non nos notamment notre nous on ont or ou par parmi pas
pendant peut peuvent plus plusieurs pour pourra pourront pourquoi puis puisque qu quand que quel quelle quelles quels
qui quoi s sa sans sauf se sein selon sera seront ses si soi soient soit son sont sous suivant suivante suivantes
suivants sur t ta te tel telle telles tels tes toi ton tous tout toute toutes tres tu un une vers via vis voire vos
votre vous y dela deca ainsi afin ledit ladite lesdites dudit susvise etc cas titre egard regard vue moyen biais cadre
"""

_TENDER = """
candidat soumissionnaire titulaire prestataire concurrent attributaire acheteur acquéreur client collectivité ville
commune agence administration établissement entreprise société entité pouvoir adjudicateur maître ouvrage organisme
marché contrat accord consultation lot offre réponse dossier pièce mémoire note document annexe article ccap cctp rc
dce cahier charges clause prestation service mission objet besoin exigence attendu critère devoir pouvoir vouloir
falloir doit doivent devra devront peut permettre assurer présenter décrire préciser détailler indiquer expliquer
exposer justifier fournir remettre joindre proposer produire mentionner respecter garantir engager prévoir tenir mettre
prendre prises disposer comporter comprendre inclure réaliser effectuer exécuter exécution mobiliser consacrer utiliser
donner apporter modalité disposition mesure manière façon ensemble matière type nature nombre niveau point élément
partie minimum maximum jour mois an année heure délai présent propre différent nouveau bon concerné relatif lié
nécessaire obligatoire imposé prévu exigé requis général technique principal total complet
"""

#: Left out.
STOP_WORDS = frozenset(_GRAMMAR.split())

#: Every tender and every library is full of them; they count, but little. As they are written, for the stemmer.
WEAK_WORDS = frozenset(_TENDER.split())
